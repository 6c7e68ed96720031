import { createHash, randomBytes } from 'node:crypto';

import { ForbiddenException, Injectable, type CanActivate } from '@nestjs/common';

import {
  ADAPTERS,
  startApplication,
  type RunningApplication,
} from '../../../../../../test/support/nest-application.js';
import { memoryStore, type MemoryStore } from '../../../stores/memory/index.js';
import { StreamIngestionModule } from '../../module/stream-ingestion.module.js';
import { FilesModule } from './files.module.js';

@Injectable()
class ForbidPut implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('not you');
  }
}

describe.each(ADAPTERS)('files over HTTP on %s', (adapter) => {
  let running: RunningApplication;
  let store: MemoryStore;

  beforeAll(async () => {
    store = memoryStore();
    running = await startApplication(adapter, {
      imports: [
        StreamIngestionModule.forRoot({
          stores: { first: store, second: memoryStore() },
          limits: { maxUploadBytes: 5_000_000 },
          isGlobal: true,
        }),
        FilesModule.register(),
        FilesModule.register({ path: 'closed/things', guards: [ForbidPut] }),
        FilesModule.register({ path: 'second', store: 'second' }),
      ],
    });
  });

  afterAll(() => running.app.close());

  const put = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> => fetch(`${running.url}${path}`, { method: 'PUT', body, headers });
  const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

  it('creates with 201 and replaces with 200, and says what it stored', async () => {
    const created = await put('/files/folder/a%20b.json', '{ "a":  1 }', { 'content-type': 'application/json' });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/files/folder/a%20b.json');
    expect(created.headers.get('repr-digest')).toBe(
      `sha-256=:${createHash('sha256').update('{ "a":  1 }').digest('base64')}:`,
    );
    const report = (await created.json()) as { etag: string };
    expect(report).toMatchObject({
      key: 'folder/a b.json',
      size: 11,
      created: true,
      contentType: 'application/json',
      digests: { sha256: sha256('{ "a":  1 }') },
      transfer: { outcome: 'completed', bytesIn: 11, bytesOut: 11 },
    });
    expect(created.headers.get('etag')).toBe(`"${report.etag}"`);

    const replaced = await put('/files/folder/a%20b.json', 'other');
    expect(replaced.status).toBe(200);
    expect(await replaced.json()).toMatchObject({ size: 5, created: false });
  });

  it('gives megabytes back as they came, whatever the type', async () => {
    const bytes = randomBytes(3_000_001);
    await put('/files/big.json', bytes, { 'content-type': 'application/json; charset=utf-8' });
    const response = await fetch(`${running.url}/files/big.json`);
    expect(response.headers.get('content-length')).toBe('3000001');
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(bytes));
  });

  it('answers HEAD, Range and conditions', async () => {
    const etag = (await put('/files/range.bin', '0123456789')).headers.get('etag') ?? '';
    const get = (headers: Record<string, string>, method = 'GET'): Promise<Response> =>
      fetch(`${running.url}/files/range.bin`, { method, headers });

    const head = await get({}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    const range = await get({ range: 'bytes=2-4' });
    expect([range.status, range.headers.get('content-range'), await range.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    const beyond = await get({ range: 'bytes=20-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    expect(await beyond.json()).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
    const changed = await get({ 'if-match': '"other"' });
    expect([changed.status, await changed.json()]).toMatchObject([412, { code: 'PRECONDITION_FAILED' }]);
    const named = await fetch(`${running.url}/files/range.bin?download=n%C3%A4me.bin`);
    expect(named.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''n%C3%A4me\.bin/);
    await named.arrayBuffer();
  });

  it('holds the conditions of an upload', async () => {
    const first = await put('/files/once', '1', { 'if-none-match': '*' });
    expect(first.status).toBe(201);
    const again = await put('/files/once', '2', { 'if-none-match': '*' });
    expect([again.status, await again.json()]).toMatchObject([412, { code: 'PRECONDITION_FAILED' }]);
    expect((await put('/files/once', '3', { 'if-match': '"not-it"' })).status).toBe(412);
    expect((await put('/files/once', '4', { 'if-match': '"not-it", "nor-this"' })).status).toBe(412);
    const etag = first.headers.get('etag') ?? '';
    expect((await put('/files/once', '5', { 'if-match': `"not-it", ${etag}` })).status).toBe(200);
    expect((await put('/files/absent', '6', { 'if-match': '"a", "b"' })).status).toBe(412);
    expect(await (await fetch(`${running.url}/files/once`)).text()).toBe('5');
  });

  it('keeps nothing of a body that is not what was announced', async () => {
    const wrong = `sha-256=:${createHash('sha256').update('other').digest('base64')}:`;
    const refused = await put('/files/wrong', 'this', { 'content-digest': wrong });
    expect([refused.status, refused.headers.get('content-type'), await refused.json()]).toMatchObject([
      400,
      'application/problem+json',
      { code: 'DIGEST_MISMATCH' },
    ]);
    expect((await fetch(`${running.url}/files/wrong`)).status).toBe(404);
    expect(await (await put('/files/right', 'other', { 'repr-digest': wrong })).json()).toMatchObject({ size: 5 });
  });

  it('refuses a body beyond the limit, with its length and without', async () => {
    const big = randomBytes(5_000_001);
    const announced = await put('/files/too-big', big);
    expect([announced.status, await announced.json()]).toMatchObject([413, { code: 'LIMIT_EXCEEDED' }]);
    const chunked = await fetch(`${running.url}/files/too-big`, {
      method: 'PUT',
      body: new Blob([big]).stream(),
      duplex: 'half',
    });
    expect([chunked.status, await chunked.json()]).toMatchObject([413, { code: 'LIMIT_EXCEEDED' }]);
    expect((await fetch(`${running.url}/files/too-big`)).status).toBe(404);
  });

  it.each([
    ...['..%2fx', 'a/%2e%2e/x', '%2e%2e%5cx', 'a%00b', 'a//b', 'a/', '%2fetc', '.', 'a/./b'].map((key) => ({
      name: key,
      key,
    })),
    { name: 'of 2,000 bytes', key: 'x'.repeat(2000) },
  ])('refuses the key $name', async ({ key }) => {
    // fetch would tidy the path up before it is sent.
    const { status, body } = await rawRequest(running.url, `PUT /files/${key}`, 'x');
    expect(status).toBe(400);
    expect(body).toContain('INVALID_KEY');
  });

  it('decodes a key exactly once', async () => {
    const created = await put('/files/%252e%252e/a%2Fb', 'x');
    expect(await created.json()).toMatchObject({ key: '%2e%2e/a/b', location: '/files/%252e%252e/a/b' });
    expect(await (await fetch(`${running.url}/files/%252e%252e/a/b`)).text()).toBe('x');
  });

  it('keeps a content coding and sends it as it is', async () => {
    await put('/files/coded', 'not really gzip', { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
    const head = await fetch(`${running.url}/files/coded`, { method: 'HEAD' });
    expect(head.headers.get('content-encoding')).toBe('gzip');
  });

  it('stores the files of a form in order, under their key or with the prefix', async () => {
    const form = new FormData();
    form.append('prefix', 'form/');
    form.append('a', new Blob(['first'], { type: 'text/plain' }), 'one.txt');
    form.append('key', 'elsewhere/two');
    form.append('b', new Blob(['second']), 'ignored.txt');
    form.append('c', new Blob(['third']), 'three.txt');
    const response = await fetch(`${running.url}/files`, { method: 'POST', body: form });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject([
      { key: 'form/one.txt', size: 5, contentType: 'text/plain', location: '/files/form/one.txt' },
      { key: 'elsewhere/two', size: 6 },
      { key: 'form/three.txt', size: 5 },
    ]);
    expect(await (await fetch(`${running.url}/files/elsewhere/two`)).text()).toBe('second');
  });

  it('keeps no file of a form that is refused half-way', async () => {
    const form = new FormData();
    form.append('a', new Blob(['fine']), 'fine.txt');
    form.append('key', '../outside');
    form.append('b', new Blob(['not fine']), 'b.txt');
    const response = await fetch(`${running.url}/files`, { method: 'POST', body: form });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'INVALID_KEY' }]);
    expect((await fetch(`${running.url}/files/fine.txt`)).status).toBe(404);
  });

  it('refuses a form without files, and a body that is no form', async () => {
    const form = new FormData();
    form.append('key', 'nothing');
    const empty = await fetch(`${running.url}/files`, { method: 'POST', body: form });
    expect([empty.status, await empty.json()]).toMatchObject([400, { code: 'MALFORMED_INPUT' }]);
    const json = await fetch(`${running.url}/files`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([json.status, await json.json()]).toMatchObject([415, { code: 'UNSUPPORTED' }]);
  });

  it('lists by prefix, page by page', async () => {
    for (const key of ['list/a', 'list/b', 'list/c', 'other']) await put(`/files/${key}`, key);
    const page = async (query: string) => {
      const response = await fetch(`${running.url}/files?${query}`);
      return (await response.json()) as { objects: { key: string }[]; nextCursor?: string };
    };
    const first = await page('prefix=list/&limit=2');
    expect(first.objects.map(({ key }) => key)).toEqual(['list/a', 'list/b']);
    const second = await page(`prefix=list/&limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect(second.objects).toMatchObject([{ key: 'list/c', size: 6, location: '/files/list/c' }]);
    expect(second.nextCursor).toBeUndefined();
    for (const query of ['limit=0', 'limit=x', 'limit=1001', 'cursor=%00', 'prefix=a&prefix=b']) {
      const refused = await fetch(`${running.url}/files?${query}`);
      expect([query, refused.status, await refused.json()]).toMatchObject([query, 400, { code: 'MALFORMED_INPUT' }]);
    }
  });

  it('deletes, on a condition where one is given', async () => {
    const etag = (await put('/files/gone', 'x')).headers.get('etag') ?? '';
    const remove = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${running.url}/files/gone`, { method: 'DELETE', headers });
    expect((await remove({ 'if-match': '"other"' })).status).toBe(412);
    expect((await remove({ 'if-none-match': '*' })).status).toBe(412);
    expect((await remove({ 'if-match': etag })).status).toBe(204);
    const again = await remove();
    expect([again.status, await again.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
  });

  it('serves another store where a request names it, or the controller is bound to it', async () => {
    const response = await put('/files/there?store=second', 'x');
    expect(response.headers.get('location')).toBe('/files/there?store=second');
    expect((await fetch(`${running.url}/files/there`)).status).toBe(404);
    expect(await (await fetch(`${running.url}/second/there?store=first`)).text()).toBe('x');
    const unknown = await put('/files/x?store=third', 'x');
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'UNKNOWN_STORE' }]);
  });

  it('leaves the application’s guards their say, as a problem document, before the body is read', async () => {
    const response = await put('/closed/things/x', randomBytes(4_000_000));
    expect([response.status, response.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toMatchObject({ status: 403, code: 'FORBIDDEN', detail: 'not you' });
  });

  it('holds nothing of what was refused', async () => {
    const { objects } = await store.list({ limit: 1000 });
    const refused = ['wrong', 'too-big', 'fine.txt'];
    expect(objects.filter(({ key }) => refused.includes(key))).toEqual([]);
  });
});

/** A request whose target is sent as it stands. */
async function rawRequest(url: string, head: string, body: string): Promise<{ status: number; body: string }> {
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(`${head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return { status: Number(text.split(' ')[1]), body: text };
}
