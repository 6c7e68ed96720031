import { copyFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { curl } from '../support/curl.js';
import { randomBuffer, sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;

describe.each(HTTP_ADAPTERS)('GET and HEAD /files/{key} on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });
  const content = randomBuffer(3 * MIB + 7, 'download');
  let url = '';
  let etag = '';
  let lastModified = '';

  beforeAll(async () => {
    url = fixture.service.fileUrl('folder/data.bin');
    const put = await curl(['-T', '-', '-H', 'Content-Type: application/octet-stream', url], { stdin: content });
    expect(put.status).toBe(201);
    etag = put.headers.etag ?? '';
    const head = await curl(['--head', url]);
    lastModified = head.headers['last-modified'] ?? '';
  });

  it('describes the object', async () => {
    const get = await curl([url]);
    expect(get.status).toBe(200);
    expect(get.body.equals(content)).toBe(true);
    expect(get.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': String(3 * MIB + 7),
      'content-type': 'application/octet-stream',
      etag,
      'repr-digest': expect.stringMatching(/^sha-256=:[A-Za-z0-9+/]{43}=:$/),
      'x-content-type-options': 'nosniff',
    });
    expect(Date.parse(lastModified)).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('answers HEAD as GET without the bytes', async () => {
    const [head, get] = await Promise.all([curl(['--head', url]), curl([url])]);
    expect(head.status).toBe(200);
    expect(head.headers).toEqual({ ...get.headers, date: head.headers.date });
  });

  it.each([
    ['0-0', 0, 1],
    ['0-99', 0, 100],
    ['1000000-', 1_000_000, 3 * MIB + 7],
    ['-7', 3 * MIB, 3 * MIB + 7],
    ['3145734-99999999', 3_145_734, 3 * MIB + 7],
  ])('sends the range %s', async (range, start, end) => {
    const get = await curl(['-r', range, url]);
    expect(get.status).toBe(206);
    expect(get.headers['content-range']).toBe(`bytes ${start}-${end - 1}/${3 * MIB + 7}`);
    expect(get.body.equals(content.subarray(start, end))).toBe(true);
  });

  it('sends several ranges as multipart/byteranges', async () => {
    const get = await curl(['-r', '0-3,100-103', url]);
    expect(get.status).toBe(206);
    const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(get.headers['content-type'] ?? '')?.[1];
    const parts = get.body.toString('latin1').split(`--${boundary}`);
    expect(parts).toHaveLength(4);
    const bytesOf = (part: string | undefined) =>
      Buffer.from(part?.split('\r\n\r\n')[1] ?? '', 'latin1').subarray(0, 4);
    expect(bytesOf(parts[1])).toEqual(content.subarray(0, 4));
    expect(bytesOf(parts[2])).toEqual(content.subarray(100, 104));
  });

  it('says 416 for a range behind the end', async () => {
    const get = await curl(['-r', '99999999-', url]);
    expect(get.status).toBe(416);
    expect(get.headers['content-range']).toBe(`bytes */${3 * MIB + 7}`);
    expect(JSON.parse(get.body.toString())).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  });

  it('ignores a Range that it does not understand', async () => {
    expect((await curl(['-H', 'Range: pages=1-2', url])).status).toBe(200);
    expect((await curl(['-H', 'Range: bytes=9-1', url])).status).toBe(200);
  });

  it('continues a download that was cut off', async () => {
    const sent = join(fixture.folder, 'whole');
    const received = join(fixture.folder, 'continued');
    const digest = await writeRandomFile(sent, 24 * MIB, 'continue');
    const target = fixture.service.fileUrl('continue.bin');
    await curl(['-T', sent, target]);
    await copyFile(sent, received);
    await truncate(received, 10_000_001);
    const get = await curl(['-C', '-', target], { output: received });
    expect(get).toMatchObject({ exitCode: 0, status: 206 });
    expect(get.headers['content-length']).toBe(String(24 * MIB - 10_000_001));
    expect(await sha256OfFile(received)).toBe(digest);
  });

  it('answers conditions', async () => {
    const status = async (...fields: string[]) =>
      (await curl([...fields.flatMap((field) => ['-H', field]), url])).status;
    expect(await status(`If-None-Match: ${etag}`)).toBe(304);
    expect(await status('If-None-Match: "other"')).toBe(200);
    expect(await status(`If-Modified-Since: ${lastModified}`)).toBe(304);
    expect(await status(`If-Match: ${etag}`)).toBe(200);
    expect(await status('If-Match: "other"')).toBe(412);
    expect(await status('If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT')).toBe(412);
    expect(await status(`If-Range: ${etag}`, 'Range: bytes=0-0')).toBe(206);
    expect(await status('If-Range: "other"', 'Range: bytes=0-0')).toBe(200);
  });

  it('downloads once, and then only when it has changed', async () => {
    const tags = join(fixture.folder, 'etags');
    await writeFile(tags, '');
    expect((await curl(['--etag-save', tags, url])).status).toBe(200);
    expect((await curl(['--etag-compare', tags, url])).status).toBe(304);
  });

  it('names the file where it is asked to', async () => {
    const get = await curl([`${url}?download=${encodeURIComponent('r"é\r\nsumé.bin')}`]);
    expect(get.status).toBe(200);
    expect(get.headers['content-disposition']).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''/);
    expect((await curl([`${url}?download`])).headers['content-disposition']).toMatch(
      /^attachment; filename="?data\.bin"?$/,
    );
  });

  it('serves what a browser might run as an attachment in a sandbox', async () => {
    const page = fixture.service.fileUrl('page.html');
    await curl(['-X', 'PUT', '-H', 'Content-Type: text/html', '--data-binary', '<script>alert(1)</script>', page]);
    const get = await curl([page]);
    expect(get.headers['content-disposition']).toMatch(/^attachment/);
    expect(get.headers['content-security-policy']).toContain('sandbox');
    expect(get.headers['x-content-type-options']).toBe('nosniff');
  });

  it('says 404 as a problem document, without a body for HEAD', async () => {
    const absent = fixture.service.fileUrl('absent');
    const get = await curl([absent]);
    expect(get.status).toBe(404);
    expect(get.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(get.body.toString())).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await curl(['--head', absent])).toMatchObject({ status: 404, exitCode: 0 });
  });
});
