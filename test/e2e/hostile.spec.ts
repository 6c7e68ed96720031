import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { curl } from '../support/curl.js';
import { rawRequest } from '../support/raw-http.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';
import { eventually } from '../support/wait-until.js';

/** Request targets as they go over the wire. */
const HOSTILE_TARGETS = [
  '/files/../outside',
  '/files/..%2foutside',
  '/files/..%2Foutside',
  '/files/a/../../outside',
  '/files/a/..%2f..%2foutside',
  '/files/%2e%2e/outside',
  '/files/%2e%2e%2foutside',
  '/files/%2e%2e%5coutside',
  '/files/..%5coutside',
  '/files/..\\outside',
  '/files/%2e',
  '/files/%2e%2e',
  '/files/a//b',
  '/files/a/',
  '/files/%2fetc%2fpasswd',
  '/files//etc/passwd',
  '/files/a%00b',
  '/files/%00',
  '/files/a%0d%0ab',
  '/files/a%7fb',
  '/files/%ff%fe',
  '/files/%c0%ae%c0%ae%c0%afoutside',
  '/files/%ed%a0%80',
  '/files/%',
  '/files/%zz',
  `/files/${'a'.repeat(256)}`,
  `/files/${'a'.repeat(2000)}`,
  `/files/${'a/'.repeat(600)}a`,
];

describe.each(HTTP_ADAPTERS)('hostile requests on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  async function snapshot(): Promise<{ inside: string[]; outside: string[] }> {
    const { service } = fixture;
    // What lies beside DATA_DIR belongs to other tests too, so only the names that these requests go for count.
    const outside = (await readdir(dirname(service.dataDir))).filter((name) => name.startsWith('outside'));
    return { inside: await service.storedFiles(), outside };
  }

  function expectRefused(answer: { status: number; head: string; body: string }): void {
    expect([400, 404, 405, 414]).toContain(answer.status);
    // Where the parser of Node.js itself refuses there is no document.
    if (answer.body !== '') {
      expect(answer.head).toMatch(/^content-type: application\/problem\+json/im);
      expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status });
    }
  }

  it.each(HOSTILE_TARGETS)('refuses to store under %s', async (target) => {
    const before = await snapshot();
    const answer = await rawRequest(
      fixture.service.url,
      `PUT ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nevil`,
    );
    expectRefused(answer);
    expect(await snapshot()).toEqual(before);
  });

  it.each(HOSTILE_TARGETS)('finds nothing under %s', async (target) => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await rawRequest(
        fixture.service.url,
        `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expectRefused(answer);
    }
  });

  it.each(['CON', 'a:b', 'nul.txt', '__proto__', 'constructor', '.hidden', '-rf', 'a b ', '%41'])(
    'stores %j, which is only a name, or refuses it',
    async (key) => {
      const { service } = fixture;
      const put = await curl(['-X', 'PUT', '--data-binary', key, service.fileUrl(key)]);
      expect([201, 400]).toContain(put.status);
      const get = await curl([service.fileUrl(key)]);
      if (put.status === 201) expect(get.body.toString()).toBe(key);
      else expect([400, 404]).toContain(get.status);
    },
  );

  it.each([
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n'],
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['two hosts', 'Host: y\r\nContent-Length: 4\r\n'],
    ['a negative length', 'Content-Length: -1\r\n'],
    ['a length that is no number', 'Content-Length: 4x\r\n'],
    ['another transfer coding', 'Transfer-Encoding: gzip, chunked\r\n'],
    ['a chunk size that is no number', 'Transfer-Encoding: chunked\r\n'],
  ])('refuses %s', async (_what, fields) => {
    const before = await snapshot();
    const answer = await rawRequest(
      fixture.service.url,
      `PUT /files/smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\nevil\r\n\r\n`,
    );
    expect([400, 415, 501]).toContain(answer.status);
    // Node.js may answer before the upload has heard of it.
    await eventually(async () => expect(await snapshot()).toEqual(before));
  });

  it('never leaves the root through a link that somebody put there', async () => {
    const { service, folder } = fixture;
    await mkdir(join(folder, 'secrets'), { recursive: true });
    await writeFile(join(folder, 'secrets', 'secret'), 'secret');
    await curl(['-X', 'PUT', '--data-binary', 'x', service.fileUrl('real/file')]);
    // Wherever the store keeps objects: beside what it made for real/file.
    const root = join(service.dataDir, (await service.storedFiles()).find((path) => path.endsWith('real/file')) ?? '');
    await symlink(join(folder, 'secrets'), join(dirname(dirname(root)), 'link'));
    await symlink(join(folder, 'secrets', 'secret'), join(dirname(root), 'link'));
    for (const key of ['link/secret', 'real/link']) {
      expect([400, 404]).toContain((await curl([service.fileUrl(key)])).status);
      const put = await curl(['-X', 'PUT', '--data-binary', 'evil', service.fileUrl(key)]);
      expect(put.status).toBeLessThan(500);
    }
    expect(await readdir(join(folder, 'secrets'))).toEqual(['secret']);
    expect((await curl([service.fileUrl('real/file')])).body.toString()).toBe('x');
  });

  it('answers every unknown address with a problem document', async () => {
    const { service } = fixture;
    for (const [method, path, status] of [
      ['GET', '/nowhere', 404],
      ['POST', '/nowhere/at/all', 404],
      ['PATCH', '/files/a', 404],
      ['GET', '/page/../main.js', 404],
      ['GET', '/page/nothing.js', 404],
    ] as const) {
      const answer = await curl(['--path-as-is', '-X', method, `${service.url}${path}`]);
      expect([status, 405]).toContain(answer.status);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ status: answer.status });
    }
  });

  it('is still there', async () => {
    const { service } = fixture;
    expect((await curl([`${service.url}/health/live`])).status).toBe(200);
    expect(service.stderr).toBe('');
  });
});
