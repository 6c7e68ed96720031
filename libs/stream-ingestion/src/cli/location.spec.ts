import { describeLocation, fileNameOf, parseDestination, parseSource } from './location.js';

describe('parseSource', () => {
  it.each([
    ['-', { kind: 'stdio' }],
    ['a.bin', { kind: 'file', path: 'a.bin' }],
    ['./-', { kind: 'file', path: './-' }],
    ['dir/http:x', { kind: 'file', path: 'dir/http:x' }],
    ['file:///tmp/a%20b', { kind: 'file', path: '/tmp/a b' }],
    ['http://host/a', { kind: 'http', url: new URL('http://host/a') }],
    ['HTTPS://host/a?b', { kind: 'http', url: new URL('https://host/a?b') }],
  ])('reads %s', (text, location) => {
    expect(parseSource(text)).toEqual(location);
  });

  it.each(['s3://bucket/key', 'postgres://u:secret@h/db', 'mongodb://h/db', 'ftp://h/a', ''])(
    'says what is supported instead of "%s"',
    (text) => {
      const shown = text.replace('u:secret@', '');
      expect(() => parseSource(text)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: `the source "${shown}" is not supported; it can be a file, a file:// URL, an http(s) URL or - (standard input)`,
        }) as Error,
      );
    },
  );

  it.each(['http://', 'file://elsewhere/a', 'file:///a%2fb'])('refuses the broken URL %s', (text) => {
    expect(() => parseSource(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('is not a valid URL') as string,
      }) as Error,
    );
  });
});

describe('parseDestination', () => {
  it.each([
    ['-', { kind: 'stdio' }],
    ['dir/', { kind: 'file', path: 'dir/' }],
    ['file:///tmp/a', { kind: 'file', path: '/tmp/a' }],
  ])('reads %s', (text, location) => {
    expect(parseDestination(text)).toEqual(location);
  });

  it.each(['s3://b/k', 'postgresql://h/db?table=t', 'mongodb+srv://h/db?bucket=b', 'http://host/files/a'])(
    'says what is supported instead of %s',
    (text) => {
      const shown = text.replace(/\?.*/, '?…');
      expect(() => parseDestination(text)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: `the destination "${shown}" is not supported; it can be a file, a directory, a file:// URL or - (standard output)`,
        }) as Error,
      );
    },
  );
});

describe('describeLocation', () => {
  it.each([
    ['-', 'stdin'],
    ['a/b', 'a/b'],
    ['https://user:secret@host/a', 'https://host/a'],
    ['https://host/a@b', 'https://host/a@b'],
    ['https://host/a?X-Amz-Signature=secret#part', 'https://host/a?…'],
  ])('shows %s as %s', (text, shown) => {
    expect(describeLocation(parseSource(text), 'stdin')).toBe(shown);
  });
});

describe('fileNameOf', () => {
  it.each([
    ['a/b.txt', 'b.txt'],
    ['a/b/', 'b'],
    ['http://host/x/y%20z?q=/w', 'y z'],
    ['http://host/100%', '100%'],
  ])('%s becomes %s', (text, name) => {
    expect(fileNameOf(parseSource(text))).toBe(name);
  });

  it.each([
    '-',
    '..',
    '.',
    '/',
    'http://host/',
    'http://host/a/..%2f..%2fetc',
    'http://host/a%5cb',
    'http://host/a%00',
  ])('%s has none', (text) => {
    expect(() => fileNameOf(parseSource(text))).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('has no file name of its own: name the destination file') as string,
      }) as Error,
    );
  });
});
