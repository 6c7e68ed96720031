import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { curl } from '../support/curl.js';
import { sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;

describe.each(HTTP_ADAPTERS)('POST /files on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  it('stores every file of a form, in order', async () => {
    const { service, folder } = fixture;
    const sizes = [32 * MIB + 1, 0, 1, 5 * MIB];
    const digests = await Promise.all(
      sizes.map((size, index) => writeRandomFile(join(folder, `part-${index}`), size, `part ${index}`)),
    );
    const post = await curl([
      ...sizes.flatMap((_, index) => ['-F', `file=@${join(folder, `part-${index}`)};filename=form-${index}.bin`]),
      `${service.url}/files`,
    ]);
    expect(post).toMatchObject({ exitCode: 0, status: 201 });
    const reports = JSON.parse(post.body.toString()) as { key: string; size: number; digests: { sha256: string } }[];
    expect(reports.map(({ key }) => key)).toEqual(['form-0.bin', 'form-1.bin', 'form-2.bin', 'form-3.bin']);
    expect(reports.map(({ size }) => size)).toEqual(sizes);
    expect(reports.map(({ digests: { sha256 } }) => sha256)).toEqual(digests);
    for (const [index, digest] of digests.entries()) {
      const received = join(folder, 'received');
      await curl([service.fileUrl(`form-${index}.bin`)], { output: received });
      expect(await sha256OfFile(received)).toBe(digest);
    }
  }, 60_000);

  it('takes the key of the next file, or a prefix for the names of all that follow', async () => {
    const { service, folder } = fixture;
    const file = join(folder, 'plain.txt');
    await writeFile(file, 'plain');
    const post = await curl([
      ...['-F', 'prefix=in/folder/', '-F', `file=@${file};type=text/plain`],
      ...['-F', 'key=named.txt', '-F', `file=@${file};type=text/x-named`],
      `${service.url}/files`,
    ]);
    expect(post.status).toBe(201);
    expect((JSON.parse(post.body.toString()) as { key: string }[]).map(({ key }) => key)).toEqual([
      'in/folder/plain.txt',
      'named.txt',
    ]);
    expect((await curl([service.fileUrl('in/folder/plain.txt')])).headers['content-type']).toBe('text/plain');
    expect((await curl([service.fileUrl('named.txt')])).headers['content-type']).toBe('text/x-named');
  });

  it('refuses a body that is no form', async () => {
    const { service } = fixture;
    const post = await curl([
      '-X',
      'POST',
      '-H',
      'Content-Type: text/plain',
      '--data-binary',
      'x',
      `${service.url}/files`,
    ]);
    expect(post.status).toBe(415);
    expect(post.headers['content-type']).toBe('application/problem+json');
  });

  it.each([
    ['no boundary', 'multipart/form-data', '--x--\r\n'],
    [
      'no closing boundary',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="f"; filename="cut"\r\n\r\nbytes',
    ],
    [
      'an empty field name',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name=""; filename="cut"\r\n\r\nbytes\r\n--x--\r\n',
    ],
    [
      'header lines and then the end',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="f"; filename="cut"\r\n--x--\r\n',
    ],
  ])('refuses a form with %s, and keeps nothing', async (_what, contentType, body) => {
    const { service } = fixture;
    const before = await service.storedFiles();
    const post = await curl(
      ['-X', 'POST', '-H', `Content-Type: ${contentType}`, '--data-binary', '@-', `${service.url}/files`],
      { stdin: Buffer.from(body) },
    );
    expect(post.status).toBe(400);
    expect(JSON.parse(post.body.toString())).toMatchObject({ code: 'MALFORMED_INPUT' });
    expect(await service.storedFiles()).toEqual(before);
  });
});
