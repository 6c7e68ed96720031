import fc from 'fast-check';

import type { StreamIngestionError } from '../../contracts/index.js';
import { MultipartTokenizer } from './multipart-tokenizer.js';

interface Part {
  readonly header: string;
  readonly content: Buffer;
}

function bodyOf(boundary: string, parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(({ header, content }) => [
    Buffer.from(`--${boundary}\r\n${header}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

function tokenize(boundary: string, chunks: readonly Buffer[], maxHeaderBytes = 16384): Part[] {
  const tokenizer = new MultipartTokenizer(boundary, maxHeaderBytes);
  const parts: { header: string; content: Buffer[] }[] = [];
  for (const chunk of chunks) {
    tokenizer.feed(chunk);
    for (let token = tokenizer.next(); token.kind !== 'more'; token = tokenizer.next()) {
      if (token.kind === 'header') parts.push({ header: token.block.toString(), content: [] });
      else parts.at(-1)?.content.push(token.bytes);
    }
  }
  tokenizer.finish();
  return parts.map(({ header, content }) => ({ header: header.replace(/^\r\n/, ''), content: Buffer.concat(content) }));
}

function cut(body: Buffer, at: readonly number[]): Buffer[] {
  const cuts = [0, ...[...new Set(at.map((n) => n % (body.length + 1)))].sort((a, b) => a - b), body.length];
  return cuts.slice(1).map((end, index) => body.subarray(cuts[index], end));
}

/** Content made of what looks like delimiters. */
const trickyContent = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r', '\n', '\r\n', '-', '--', '\r\n-', '\r\n--', '\r\n--A', '\r\n--A-', '--A-b', '\r\r\n--A-'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.from(pieces.join('')));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as StreamIngestionError).code;
  }
  return 'none';
}

describe('MultipartTokenizer', () => {
  const body = bodyOf('A-b', [
    { header: 'X: 1', content: Buffer.from('one\r\n--A-') },
    { header: 'X: 2', content: Buffer.alloc(0) },
    { header: 'X: 3', content: Buffer.from('\r\n\r\nthree\r') },
  ]);
  const expected = [
    { header: 'X: 1', content: Buffer.from('one\r\n--A-') },
    { header: 'X: 2', content: Buffer.alloc(0) },
    { header: 'X: 3', content: Buffer.from('\r\n\r\nthree\r') },
  ];

  it('finds the same parts wherever the body is cut in two', () => {
    for (let offset = 0; offset <= body.length; offset += 1) {
      expect(tokenize('A-b', [body.subarray(0, offset), body.subarray(offset)])).toEqual(expected);
    }
  });

  it('finds the same parts byte by byte', () => {
    expect(
      tokenize(
        'A-b',
        [...body].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual(expected);
  });

  it('gives back any parts from any chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ header: fc.constantFrom('A: b', 'A: b\r\nC: d', '-'), content: trickyContent })),
        fc.array(fc.nat(2000), { maxLength: 40 }),
        (parts, cuts) => {
          const clean = parts.filter(({ content }) => !`\r\n${content.toString()}`.includes('\r\n--A-b'));
          expect(tokenize('A-b', cut(bodyOf('A-b', clean), cuts))).toEqual(clean);
        },
      ),
    );
  });

  it('hands content on without a copy', () => {
    const tokenizer = new MultipartTokenizer('A-b', 1024);
    const chunk = Buffer.from('--A-b\r\nX: 1\r\n\r\nsome content');
    tokenizer.feed(chunk);
    tokenizer.next();
    const token = tokenizer.next();
    if (token.kind !== 'content') throw new Error(token.kind);
    expect(token.bytes.buffer).toBe(chunk.buffer);
    expect(token.bytes.toString()).toBe('some content');
  });

  it('ends a part only once the next header block is complete', () => {
    const tokenizer = new MultipartTokenizer('b', 1024);
    tokenizer.feed(Buffer.from('--b\r\nX: 1\r\n\r\nx\r\n--b\r\nY: 2\r\n'));
    expect(tokenizer.next().kind).toBe('header');
    expect(tokenizer.next().kind).toBe('content');
    expect(tokenizer.next().kind).toBe('more');
    tokenizer.feed(Buffer.from('\r\n'));
    expect(tokenizer.next().kind).toBe('header');
  });

  it('skips a preamble and an epilogue, and white space behind a boundary', () => {
    const text = 'for old mail readers\r\n--b \t\r\nX: 1\r\n\r\nx\r\n--b-- \r\nwhatever\r\n--b\r\n';
    expect(tokenize('b', [Buffer.from(text)])).toEqual([{ header: ' \t\r\nX: 1', content: Buffer.from('x') }]);
  });

  it('takes a body without parts', () => {
    expect(tokenize('b', [Buffer.from('--b--')])).toEqual([]);
  });

  it.each([
    ['nothing at all', ''],
    ['no boundary', 'x'.repeat(100)],
    ['another boundary', '--c\r\nX: 1\r\n\r\nx\r\n--c--\r\n'],
    ['a boundary that is not at the start of a line', 'x--b\r\nX: 1\r\n\r\nx'],
    ['no end of the header lines', '--b\r\nX: 1\r\n'],
    ['no closing boundary', '--b\r\nX: 1\r\n\r\nx'],
    ['a closing boundary short of two bytes', '--b\r\nX: 1\r\n\r\nx\r\n--b'],
    ['a closing boundary short of a byte', '--b\r\nX: 1\r\n\r\nx\r\n--b-'],
    ['a header block that the closing boundary follows at once', '--b\r\nX: 1\r\n\r\n--b--\r\n'],
    ['a header line that the closing boundary follows at once', '--b\r\nX: 1\r\n--b--\r\n'],
    ['another part announced, but not there', '--b\r\nX: 1\r\n\r\nx\r\n--b\r\n'],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => tokenize('b', [Buffer.from(text)]))).toBe('MALFORMED_INPUT');
    expect(
      codeOf(() =>
        tokenize(
          'b',
          [...Buffer.from(text)].map((byte) => Buffer.from([byte])),
        ),
      ),
    ).toBe('MALFORMED_INPUT');
  });

  it('bounds header lines, preamble and epilogue', () => {
    const lines = (bytes: number) => [Buffer.from(`--b\r\nX: ${'x'.repeat(bytes - 5)}\r\n\r\nx\r\n--b--`)];
    expect(tokenize('b', lines(200), 200)).toHaveLength(1);
    expect(codeOf(() => tokenize('b', lines(201), 200))).toBe('LIMIT_EXCEEDED');
    const around = (before: number, after: number) => [
      Buffer.from(`${'p'.repeat(before)}\r\n--b\r\nX: 1\r\n\r\nx\r\n--b--${'e'.repeat(after)}`),
    ];
    expect(tokenize('b', around(200, 200), 200)).toHaveLength(1);
    expect(codeOf(() => tokenize('b', around(201, 0), 200))).toBe('MALFORMED_INPUT');
    expect(codeOf(() => tokenize('b', around(0, 201), 200))).toBe('MALFORMED_INPUT');
  });
});
