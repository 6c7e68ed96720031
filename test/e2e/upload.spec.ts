import { join } from 'node:path';

import { curl } from '../support/curl.js';
import { randomBuffer, randomStream, sha256, sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;
const EMPTY_SHA256 = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';

function reprDigest(bytes: Buffer): string {
  return `sha-256=:${Buffer.from(sha256(bytes), 'hex').toString('base64')}:`;
}

describe.each(HTTP_ADAPTERS)('PUT /files/{key} on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  it('stores a file with a length and gives it back', async () => {
    const { service, folder } = fixture;
    const sent = join(folder, 'sent');
    const received = join(folder, 'received');
    const digest = await writeRandomFile(sent, 80 * MIB, 'with length');

    const put = await curl(['-T', sent, service.fileUrl('with-length.bin')]);
    expect(put).toMatchObject({ exitCode: 0, status: 201 });
    expect(put.headers.location).toBe('/files/with-length.bin');
    expect(put.headers['repr-digest']).toBe(`sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`);

    const get = await curl([service.fileUrl('with-length.bin')], { output: received });
    expect(get).toMatchObject({ exitCode: 0, status: 200 });
    expect(get.headers['content-length']).toBe(String(80 * MIB));
    expect(await sha256OfFile(received)).toBe(digest);
  }, 60_000);

  it('stores what comes from a pipe, chunked, and gives it back', async () => {
    const { service, folder } = fixture;
    const received = join(folder, 'received');
    const size = 40 * MIB + 12_345;
    const put = await curl(['-T', '-', service.fileUrl('chunked.bin')], { stdin: randomStream(size, 'chunked') });
    expect(put).toMatchObject({ exitCode: 0, status: 201 });

    const get = await curl([service.fileUrl('chunked.bin')], { output: received });
    expect(get.headers['content-length']).toBe(String(size));
    expect(await sha256OfFile(received)).toBe(sha256(randomBuffer(size, 'chunked')));
  }, 60_000);

  it.each([
    ['application/json', '{"a": 1,\r\n "b":[ ]}\n'],
    ['application/json', '{ this is no JSON'],
    ['application/json; charset=utf-16', '\ufeff{}'],
    ['application/x-www-form-urlencoded', 'a=1&b=%zz&c'],
    ['text/plain', 'line\r\nline\n\0'],
    ['text/csv', '"a","b"\n'],
    ['application/problem+json', '{}'],
    ['multipart/mixed; boundary=x', '--x\r\n\r\n--x--'],
    ['application/x-ndjson', '{}\n{}\n'],
  ])('stores %s byte for byte: %j', async (contentType, text) => {
    const { service } = fixture;
    const url = service.fileUrl('typed');
    for (const transferArguments of [[], ['-H', 'Transfer-Encoding: chunked']]) {
      const put = await curl(
        ['-X', 'PUT', '-H', `Content-Type: ${contentType}`, ...transferArguments, '--data-binary', '@-', url],
        { stdin: Buffer.from(text) },
      );
      expect(put.exitCode).toBe(0);
      expect([200, 201]).toContain(put.status);
      const get = await curl([url]);
      expect(get.body.toString()).toBe(text);
      expect(get.headers['content-type']).toBe(contentType);
    }
  });

  it('stores an empty body, with a length of zero, chunked, and without either', async () => {
    const { service } = fixture;
    for (const args of [
      ['-X', 'PUT', '--data-binary', ''],
      ['-X', 'PUT', '-H', 'Transfer-Encoding: chunked', '--data-binary', ''],
      ['-X', 'PUT'],
    ]) {
      const put = await curl([...args, service.fileUrl('empty')]);
      expect([200, 201]).toContain(put.status);
      expect(put.headers['repr-digest']).toBe(EMPTY_SHA256);
      expect(await curl([service.fileUrl('empty')])).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    }
  });

  it('says 201 for a new key and 200 for one that it replaced', async () => {
    const url = fixture.service.fileUrl('twice');
    expect((await curl(['-X', 'PUT', '--data-binary', 'one', url])).status).toBe(201);
    expect((await curl(['-X', 'PUT', '--data-binary', 'two', url])).status).toBe(200);
    expect((await curl([url])).body.toString()).toBe('two');
  });

  it('takes keys with slashes, spaces and any letters', async () => {
    const { service } = fixture;
    for (const key of [
      'a/b/c.txt',
      'übung & co/100% #1?.txt',
      '日本/ファイル',
      "it's (1) [x]",
      'x;y=z,w',
      'plus+plus',
    ]) {
      const put = await curl(['-X', 'PUT', '--data-binary', key, service.fileUrl(key)]);
      expect(put.status).toBe(201);
      expect(JSON.parse(put.body.toString())).toMatchObject({ key });
      expect((await curl([service.fileUrl(key)])).body.toString()).toBe(key);
      expect((await curl([`${service.url}${put.headers.location}`])).body.toString()).toBe(key);
    }
  });

  describe('digests', () => {
    const body = Buffer.from('hello');
    const right = reprDigest(body);
    const wrong = reprDigest(Buffer.from('jello'));

    it.each(['Content-Digest', 'Repr-Digest'])('keeps what has its %s', async (field) => {
      const url = fixture.service.fileUrl(`right-${field}`);
      const put = await curl(['-X', 'PUT', '-H', `${field}: ${right}`, '--data-binary', '@-', url], { stdin: body });
      expect(put.status).toBe(201);
      expect(put.headers['repr-digest']).toBe(right);
    });

    it.each(['Content-Digest', 'Repr-Digest'])('refuses what has another %s, and keeps nothing', async (field) => {
      const { service } = fixture;
      const before = await service.storedFiles();
      const url = service.fileUrl(`wrong-${field}`);
      const put = await curl(['-X', 'PUT', '-H', `${field}: ${wrong}`, '--data-binary', '@-', url], { stdin: body });
      expect(put.status).toBe(400);
      expect(put.headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(put.body.toString())).toMatchObject({ status: 400, code: 'DIGEST_MISMATCH' });
      expect((await curl([url])).status).toBe(404);
      expect(await service.storedFiles()).toEqual(before);
    });

    it('leaves the old object where the new one is refused', async () => {
      const url = fixture.service.fileUrl('kept');
      await curl(['-X', 'PUT', '--data-binary', 'old', url]);
      const put = await curl(['-X', 'PUT', '-H', `Content-Digest: ${wrong}`, '--data-binary', 'hello', url]);
      expect(put.status).toBe(400);
      expect((await curl([url])).body.toString()).toBe('old');
    });
  });

  describe('conditions', () => {
    it('creates only, with If-None-Match: *', async () => {
      const url = fixture.service.fileUrl('create-only');
      const create = (text: string) => curl(['-X', 'PUT', '-H', 'If-None-Match: *', '--data-binary', text, url]);
      expect((await create('first')).status).toBe(201);
      const second = await create('second');
      expect(second.status).toBe(412);
      expect(JSON.parse(second.body.toString())).toMatchObject({ code: 'PRECONDITION_FAILED' });
      expect((await curl([url])).body.toString()).toBe('first');
    });

    it('lets exactly one of several creators win', async () => {
      const url = fixture.service.fileUrl('race');
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          curl(['-X', 'PUT', '-H', 'If-None-Match: *', '--data-binary', `writer ${index}`, url]),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412, 412, 412, 412, 412]);
      const winner = answers.findIndex(({ status }) => status === 201);
      expect((await curl([url])).body.toString()).toBe(`writer ${winner}`);
    });

    it('replaces only the version that If-Match names', async () => {
      const url = fixture.service.fileUrl('replace');
      const first = await curl(['-X', 'PUT', '--data-binary', 'first', url]);
      const etag = first.headers.etag ?? '';
      expect(etag).toMatch(/^"[^"]+"$/);
      const replace = (text: string) => curl(['-X', 'PUT', '-H', `If-Match: ${etag}`, '--data-binary', text, url]);
      expect((await replace('second')).status).toBe(200);
      expect((await replace('third')).status).toBe(412);
      expect((await curl([url])).body.toString()).toBe('second');
    });

    it('refuses If-Match where there is nothing', async () => {
      const url = fixture.service.fileUrl('absent');
      expect((await curl(['-X', 'PUT', '-H', 'If-Match: *', '--data-binary', 'x', url])).status).toBe(412);
      expect((await curl([url])).status).toBe(404);
    });
  });

  it('keeps the content coding beside the bytes', async () => {
    const url = fixture.service.fileUrl('coded.txt');
    // `printf hello | gzip -n`
    const gzipped = Buffer.from('H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==', 'base64');
    const put = await curl(
      ['-X', 'PUT', '-H', 'Content-Encoding: gzip', '-H', 'Content-Type: text/plain', '--data-binary', '@-', url],
      { stdin: gzipped },
    );
    expect(put.status).toBe(201);
    const get = await curl(['-H', 'Accept-Encoding: gzip', url]);
    expect(get.headers['content-encoding']).toBe('gzip');
    expect(get.body).toEqual(gzipped);
    expect((await curl(['--compressed', url])).body.toString()).toBe('hello');
  });

  it('has a report of the transfer in the answer', async () => {
    const put = await curl(['-X', 'PUT', '--data-binary', 'hello', fixture.service.fileUrl('reported')]);
    expect(put.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(put.body.toString())).toMatchObject({
      key: 'reported',
      size: 5,
      digests: { sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
    });
  });
});

describe.each(HTTP_ADAPTERS)('MAX_UPLOAD_BYTES on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter, MAX_UPLOAD_BYTES: String(MIB) } });

  it('takes what is exactly as large', async () => {
    const put = await curl(['-T', '-', fixture.service.fileUrl('exact')], { stdin: randomStream(MIB) });
    expect(put.status).toBe(201);
  });

  it.each([
    ['by its length', 'file', MIB + 1],
    ['by its length, far', 'file', 64 * MIB],
    ['while it comes', '-', MIB + 1],
    ['while it comes, far', '-', 64 * MIB],
  ])('refuses what is larger, %s', async (_how, kind, size) => {
    const { service, folder } = fixture;
    const before = await service.storedFiles();
    const file = join(folder, 'large');
    await writeRandomFile(file, size);
    const put =
      kind === 'file'
        ? await curl(['-T', file, service.fileUrl('large')])
        : await curl(['-T', '-', service.fileUrl('large')], { stdin: file });
    expect(put.status).toBe(413);
    expect(JSON.parse(put.body.toString())).toMatchObject({ status: 413, code: 'LIMIT_EXCEEDED' });
    expect((await curl([service.fileUrl('large')])).status).toBe(404);
    expect(await service.storedFiles()).toEqual(before);
  });

  it('refuses one file of a form that is larger', async () => {
    const { service, folder } = fixture;
    const file = join(folder, 'large');
    await writeRandomFile(file, MIB + 1);
    const post = await curl(['-F', `file=@${file}`, `${service.url}/files`]);
    expect(post.status).toBe(413);
    expect((await curl([service.fileUrl('large')])).status).toBe(404);
  });
});
