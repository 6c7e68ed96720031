import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';

import { StreamIngestionError } from '../../contracts/index.js';
import { endRequest, incomingRequest } from '../../testing/http/incoming-request.js';
import type { MultipartOptions } from './multipart-options.js';
import { multipartParts } from './multipart-parts.js';

const FILE = 'Content-Disposition: form-data; name="f"; filename="x"';

function formRequest(body: string | Buffer, options?: { complete?: boolean }): IncomingMessage {
  const chunks = body.length === 0 ? [] : [Buffer.from(body)];
  return incomingRequest(
    { 'Content-Type': 'multipart/form-data; boundary=b', 'Transfer-Encoding': 'chunked' },
    chunks,
    {
      method: 'POST',
      ...options,
    },
  );
}

function form(...parts: readonly (readonly [header: string, content: string])[]): string {
  return `${parts.map(([header, content]) => `--b\r\n${header}\r\n\r\n${content}\r\n`).join('')}--b--\r\n`;
}

const field = (name: string, value: string) => [`Content-Disposition: form-data; name="${name}"`, value] as const;

/** What the parts of a body are, every file read to its end. */
async function read(request: IncomingMessage, options?: MultipartOptions): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const part of multipartParts(request, options)) {
    if (part.kind === 'field') seen.push([part.name, part.value]);
    else {
      const chunks: Buffer[] = [];
      for await (const chunk of part.source) chunks.push(chunk as Buffer);
      seen.push([part.name, part.filename, part.contentType, Buffer.concat(chunks).toString('latin1')]);
    }
  }
  return seen;
}

async function codeOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error instanceof StreamIngestionError ? error.code : String(error);
  }
  return 'none';
}

describe('multipartParts', () => {
  it('gives fields and files in order', async () => {
    const body = form(
      field('key', 'a/b'),
      [`${FILE}\r\nContent-Type: text/csv`, '1,2'],
      field('empty', ''),
      ['Content-Disposition: form-data; name="g"; filename="C:\\dir\\y.bin"', '\r\n--'],
      ['Content-Disposition: form-data; name="blob"\r\nContent-Type: application/octet-stream', '\x00\xff'],
      ['Content-Disposition: form-data; name="none"; filename=""\r\nContent-Type: application/octet-stream', ''],
    );
    expect(await read(formRequest(Buffer.from(body, 'latin1')))).toEqual([
      ['key', 'a/b'],
      ['f', 'x', 'text/csv', '1,2'],
      ['empty', ''],
      ['g', 'y.bin', 'application/octet-stream', '\r\n--'],
      ['blob', undefined, 'application/octet-stream', '\x00\xff'],
      ['none', undefined, 'application/octet-stream', ''],
    ]);
  });

  it('takes a form without parts', async () => {
    expect(await read(formRequest('--b--\r\n'))).toEqual([]);
  });

  it('keeps names opaque', async () => {
    const names = ['__proto__', 'constructor', 'a[b][c]', 'a.b', '0', 'a b', 'ñ😀', '../x'];
    const seen = await read(formRequest(form(...names.map((name) => field(name, 'v')))));
    expect(seen).toEqual(names.map((name) => [name, 'v']));
  });

  it('decodes values by their charset', async () => {
    const latin1 = ['Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=ISO-8859-1', '\xe9'];
    const utf8 = ['Content-Disposition: form-data; name="b"', '\xc3\xa9'];
    const body = form(latin1 as [string, string], utf8 as [string, string]);
    expect(await read(formRequest(Buffer.from(body, 'latin1')))).toEqual([
      ['a', 'é'],
      ['b', 'é'],
    ]);
  });

  it('reads any contents from any chunks', async () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(fc.constantFrom('\r\n', '--', '\r\n--', '-', 'b', 'c'), { maxLength: 40 })
        .map((p) => Buffer.from(p.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 90 })),
        async (all, sizes) => {
          const contents = all.filter((bytes) => !Buffer.concat([Buffer.from('\r\n'), bytes]).includes('\r\n--b'));
          const body = Buffer.from(
            form(...contents.map((bytes) => [FILE, bytes.toString('latin1')] as const)),
            'latin1',
          );
          const request = formRequest('', { complete: false });
          const reading = read(request);
          for (let at = 0, turns = 0; at < body.length; turns += 1) {
            const size = sizes[turns % sizes.length] ?? 17;
            request.push(body.subarray(at, at + size));
            at += size;
            if (turns % 3 === 0) await turn();
          }
          endRequest(request);
          expect(await reading).toEqual(
            contents.map((bytes) => ['f', 'x', 'application/octet-stream', bytes.toString('latin1')]),
          );
        },
      ),
    );
  });

  describe('refuses as malformed', () => {
    it.each([
      ['an empty body', ''],
      ['a body without its boundary', 'garbage'],
      ['no closing boundary', `--b\r\n${FILE}\r\n\r\ndata`],
      ['a closing boundary short of a byte', `--b\r\n${FILE}\r\n\r\ndata\r\n--b-`],
      ['a closing boundary short of two bytes', `--b\r\n${FILE}\r\n\r\ndata\r\n--b`],
      ['a header block and the closing boundary', `--b\r\n${FILE}\r\n\r\n--b--\r\n`],
      ['a header line and the closing boundary', `--b\r\n${FILE}\r\n--b--\r\n`],
      ['a boundary and the end', `--b\r\n${FILE}\r\n\r\ndata\r\n--b\r\n`],
      ['something behind a boundary', form([FILE, 'data']).replace('--b\r\n', '--bb\r\n')],
      ['an empty name', form(['Content-Disposition: form-data; name=""', 'v'])],
      ['no name', form(['Content-Disposition: form-data', 'v'])],
      ['a file without a name', form(['Content-Disposition: form-data; filename="x"', 'v'])],
      ['no Content-Disposition', form(['Content-Type: text/plain', 'v'])],
      ['another disposition', form(['Content-Disposition: attachment; name="f"', 'v'])],
      ['no header lines', '--b\r\n\r\nv\r\n--b--\r\n'],
      ['a header line that begins with a space', form([` ${FILE}`, 'v'])],
      ['a folded header line', form([`${FILE};\r\n x="y"`, 'v'])],
      ['a header line without a colon', form([`${FILE}\r\nnonsense`, 'v'])],
      ['a header line without a name', form([`${FILE}\r\n: x`, 'v'])],
      ['a space before the colon', form([FILE.replace(':', ' :'), 'v'])],
      ['a NUL in a header line', form([`${FILE}\r\nX: a\x00b`, 'v'])],
      ['a bare CR in a header line', form([`${FILE}\r\nX: a\rb`, 'v'])],
      ['a bare LF in a header line', form([`${FILE}\r\nX: a\nb`, 'v'])],
      ['header lines that are not UTF-8', form([FILE.replace('"x"', '"\xff"'), 'v'])],
      ['a quote that is not closed', form([FILE.slice(0, -1), 'v'])],
      ['a line break in a file name', form(['Content-Disposition: form-data; name="f"; filename="a\r\nX: 1"', 'v'])],
      ['a parameter that comes twice', form([`${FILE}; name="g"`, 'v'])],
      ['two Content-Disposition lines', form([`${FILE}\r\n${FILE}`, 'v'])],
      [
        'a value that two lines make up',
        form(['Content-Disposition: form-data; name="a\r\nContent-Disposition: b"', 'v']),
      ],
      ['a malformed filename*', form([`${FILE}; filename*=UTF-8''%zz`, 'v'])],
      ['a Content-Type that is no media type', form([`${FILE}\r\nContent-Type: text`, 'v'])],
      ['an encoded part', form([`${FILE}\r\nContent-Transfer-Encoding: base64`, 'AAAA'])],
      ['a field that is not UTF-8', form(field('a', '\xff'))],
      [
        'an unknown charset',
        form(['Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=x', '']),
      ],
    ])('%s', async (_, text) => {
      const body = Buffer.from(text, 'latin1');
      expect(await codeOf(read(formRequest(body)))).toBe('MALFORMED_INPUT');
      const trickle = formRequest('', { complete: false });
      const reading = codeOf(read(trickle));
      for (const byte of body) trickle.push(Buffer.from([byte]));
      endRequest(trickle);
      expect(await reading).toBe('MALFORMED_INPUT');
    });

    it('any body that was cut short, and never ends a cut file well', async () => {
      const body = form([FILE, 'first'], field('a', 'b'), [FILE, 'second']);
      const closed = body.length - '\r\n'.length;
      for (let length = 0; length < closed; length += 1) {
        const whole: string[] = [];
        const work = (async () => {
          for await (const part of multipartParts(formRequest(body.slice(0, length)))) {
            if (part.kind === 'field') continue;
            let text = '';
            for await (const chunk of part.source) text += String(chunk);
            whole.push(text);
          }
        })();
        expect(await codeOf(work)).toBe('MALFORMED_INPUT');
        expect(['', 'first']).toContain(whole.join());
      }
      expect(await read(formRequest(body.slice(0, closed)))).toHaveLength(3);
    });
  });

  describe('limits', () => {
    const fields = (count: number) => form(...Array.from({ length: count }, (_, n) => field(`f${n}`, 'v')));

    it('refuses 10,000 fields by default, and takes 1,000', async () => {
      expect(await codeOf(read(formRequest(fields(10_000))))).toBe('LIMIT_EXCEEDED');
      expect(await read(formRequest(fields(1000)))).toHaveLength(1000);
    });

    it.each([
      ['maxFields', { maxFields: 2 }, fields(2), fields(3)],
      ['maxParts', { maxParts: 2 }, form([FILE, ''], field('a', '')), form([FILE, ''], field('a', ''), [FILE, ''])],
      ['maxFiles', { maxFiles: 1 }, form([FILE, '']), form([FILE, ''], [FILE, ''])],
      ['maxFieldBytes', { maxFieldBytes: 3 }, form(field('a', '123')), form(field('a', '1234'))],
      ['maxFileBytes', { maxFileBytes: 3 }, form([FILE, '123'], [FILE, '123']), form([FILE, '1234'])],
      [
        'maxTotalFieldBytes',
        { maxTotalFieldBytes: 4 },
        form(field('a', '12'), field('b', '12')),
        form(field('a', '12'), field('b', '123')),
      ],
      [
        'maxHeaderBytes',
        { maxHeaderBytes: 128 },
        form([`${FILE}\r\nX: ${'x'.repeat(60)}`, '']),
        form([`${FILE}\r\nX: ${'x'.repeat(100)}`, '']),
      ],
    ])('%s', async (limit, options, within, beyond) => {
      expect(await codeOf(read(formRequest(within), options))).toBe('none');
      await expect(read(formRequest(beyond), options)).rejects.toMatchObject({
        code: 'LIMIT_EXCEEDED',
        context: { limit, ...options },
      });
    });

    it.each([
      ['maxFields', -1],
      ['maxFiles', 1.5],
      ['maxFieldBytes', Infinity],
      ['maxHeaderBytes', 127],
      ['idleTimeoutMs', NaN],
    ])('refuses %s: %d', async (name, value) => {
      const request = formRequest(form());
      await expect(async () => multipartParts(request, { [name]: value })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(name) as string,
      });
    });
  });

  it('reads nothing while a file is not read, and the next part only after it', async () => {
    const request = formRequest('', { complete: false });
    request.push(Buffer.from(`--b\r\n${FILE}\r\n\r\n`));
    const parts = multipartParts(request);
    const first = await parts.next();
    if (first.done === true || first.value.kind !== 'file') throw new Error('no file');
    const { source } = first.value;
    source.pause();
    const chunk = randomBytes(64 * 1024);
    for (let n = 0; n < 64; n += 1) request.push(chunk);
    request.push(Buffer.from(`\r\n${form([FILE, 'second'])}`));
    endRequest(request);
    await turn();
    await turn();
    expect(request.readableFlowing).toBe(false);
    expect(source.readableLength).toBeLessThanOrEqual(2 * 64 * 1024);

    const next = parts.next();
    let settled = false;
    void next.finally(() => (settled = true));
    await turn();
    expect(settled).toBe(false);

    const hash = createHash('sha256');
    source.on('data', (bytes: Buffer) => hash.update(bytes)).resume();
    const second = await next;
    expect(source.readableEnded).toBe(true);
    const expected = createHash('sha256');
    for (let n = 0; n < 64; n += 1) expected.update(chunk);
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
    expect(second.value).toMatchObject({ kind: 'file', name: 'f' });
  });

  it('reads nothing while the reader of a file pauses', async () => {
    const request = formRequest(`--b\r\n${FILE}\r\n\r\n`, { complete: false });
    const file = (await multipartParts(request).next()).value;
    if (file?.kind !== 'file') throw new Error('no file');
    file.source.on('data', () => file.source.pause());
    const chunk = Buffer.alloc(64 * 1024);
    for (let n = 0; n < 64; n += 1) {
      await turn();
      request.push(chunk);
    }
    expect(request.isPaused()).toBe(true);
    expect(file.source.readableLength).toBeLessThanOrEqual(2 * 64 * 1024);
  });

  it('skips the rest of a file that was destroyed', async () => {
    const request = formRequest(form([FILE, 'x'.repeat(300_000)], field('after', 'v')));
    const names: string[] = [];
    for await (const part of multipartParts(request)) {
      names.push(part.name);
      if (part.kind === 'file') part.source.destroy();
    }
    expect(names).toEqual(['f', 'after']);
    expect(request.readableEnded).toBe(true);
  });

  it('destroys a file that nobody reads, with a reason, and goes on', async () => {
    const parts = multipartParts(formRequest(form([FILE, 'data'], field('after', 'v'))));
    const file = (await parts.next()).value;
    if (file?.kind !== 'file') throw new Error('no file');
    expect((await parts.next()).value).toMatchObject({ name: 'after' });
    expect(file.source.errored).toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('stops reading where the loop is left, and leaves the request open', async () => {
    const request = formRequest(`--b\r\n${FILE}\r\n\r\n${'x'.repeat(200_000)}`, { complete: false });
    for await (const part of multipartParts(request)) {
      if (part.kind === 'file') {
        part.source.resume();
        await turn();
        break;
      }
    }
    for (const event of ['data', 'end', 'error', 'close']) expect(request.listenerCount(event)).toBe(0);
    expect(request.destroyed).toBe(false);
    expect(request.isPaused()).toBe(true);
  });

  it('fails file and iteration alike where the client goes away', async () => {
    const request = formRequest(`--b\r\n${FILE}\r\n\r\nhalf`, { complete: false });
    const parts = multipartParts(request);
    const file = (await parts.next()).value;
    if (file?.kind !== 'file') throw new Error('no file');
    const reading = (async () => {
      for await (const chunk of file.source) void chunk;
    })();
    await turn();
    request.destroy();
    expect(await codeOf(reading)).toBe('SOURCE_CLOSED');
    expect(await codeOf(parts.next())).toBe('SOURCE_CLOSED');
  });

  it('does not take a body for complete that the connection cut off, even behind its closing boundary', async () => {
    const request = formRequest(form([FILE, 'data']), { complete: false });
    request.push(null);
    expect(await codeOf(read(request))).toBe('SOURCE_CLOSED');
  });

  it('fails where the client is silent while a part is awaited', async () => {
    const parts = multipartParts(formRequest('--b\r\n', { complete: false }), { idleTimeoutMs: 20 });
    await expect(parts.next()).rejects.toMatchObject({ code: 'IDLE_TIMEOUT', context: { idleTimeoutMs: 20 } });
  });

  it('waits for a client that is slow, but not silent', async () => {
    const request = formRequest('', { complete: false });
    const reading = read(request, { idleTimeoutMs: 1000 });
    for (const byte of Buffer.from(form(field('a', 'b'))).subarray(0, 12)) {
      request.push(Buffer.from([byte]));
      await sleep(130);
    }
    request.push(Buffer.from(form(field('a', 'b'))).subarray(12));
    endRequest(request);
    expect(await reading).toEqual([['a', 'b']]);
  });

  it('lets others have their turn between many small parts', async () => {
    const parts = multipartParts(formRequest(form(...Array.from({ length: 1000 }, () => field('a', '')))));
    let seen = 0;
    const seenByTurn: number[] = [];
    const watch = (): void => {
      seenByTurn.push(seen);
      if (seen < 1000) setImmediate(watch);
    };
    setImmediate(watch);
    for await (const _ of parts) seen += 1;
    const longest = Math.max(...seenByTurn.map((count, index) => count - (seenByTurn[index - 1] ?? 0)));
    expect(longest).toBeLessThanOrEqual(64);
  });

  it('ends by its signal', async () => {
    const controller = new AbortController();
    const request = formRequest('--b\r\n', { complete: false });
    const next = multipartParts(request, { signal: controller.signal }).next();
    controller.abort(new Error('enough'));
    await expect(next).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    expect(await codeOf(read(formRequest(form()), { signal: controller.signal }))).toBe('ABORTED');
  });

  it.each([
    ['UNSUPPORTED', { 'Content-Type': 'application/json' }],
    ['UNSUPPORTED', {}],
    ['UNSUPPORTED', { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Encoding': 'gzip' }],
    ['MALFORMED_INPUT', { 'Content-Type': 'multipart/form-data' }],
    ['MALFORMED_INPUT', { 'Content-Type': 'multipart/form-data; boundary=""' }],
    ['MALFORMED_INPUT', { 'Content-Type': `multipart/form-data; boundary=${'b'.repeat(71)}` }],
  ])('refuses with %s: %j', async (code, headers) => {
    expect(await codeOf(() => multipartParts(incomingRequest(headers as Record<string, string>)))).toBe(code);
  });

  it('says so where a body parser was first', async () => {
    const request = formRequest(form());
    for await (const chunk of request) void chunk;
    await expect(async () => multipartParts(request)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('body parser') as string,
    });
  });
});
