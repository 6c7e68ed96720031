import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { openHttp } from './http.source.js';
import { parseRange } from './range-option.js';

const never = new AbortController().signal;

describe('openHttp', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const url = (path: string, userinfo = ''): URL =>
    new URL(`http://${userinfo}127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

  async function read(address: URL, range?: string) {
    const { source, totalBytes } = await openHttp(address, range === undefined ? undefined : parseRange(range), never);
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk);
    return { text: Buffer.concat(chunks).toString(), totalBytes };
  }

  it('reads a body and knows its length', async () => {
    answer = (_request, response) => response.end('hello');
    await expect(read(url('/a'))).resolves.toEqual({ text: 'hello', totalBytes: 5 });
  });

  it('reads a body of unknown length', async () => {
    answer = (_request, response) => {
      response.write('hel');
      response.end('lo');
    };
    await expect(read(url('/a'))).resolves.toEqual({ text: 'hello', totalBytes: undefined });
  });

  it('reads an answer without a body', async () => {
    answer = (_request, response) => response.writeHead(204).end();
    await expect(read(url('/a'))).resolves.toEqual({ text: '', totalBytes: undefined });
  });

  it('asks for the bytes as they are, and has no total where they come coded all the same', async () => {
    let asked: string | undefined;
    answer = (request, response) => {
      asked = request.headers['accept-encoding'];
      response.setHeader('content-encoding', 'gzip').end(gzipSync('hello'));
    };
    await expect(read(url('/a'))).resolves.toEqual({ text: 'hello', totalBytes: undefined });
    expect(asked).toBe('identity');
  });

  it('follows redirects', async () => {
    answer = (request, response) => {
      if (request.url === '/new') response.end('moved');
      else response.writeHead(302, { location: '/new' }).end();
    };
    await expect(read(url('/old'))).resolves.toEqual({ text: 'moved', totalBytes: 5 });
  });

  it('sends user name and password of the address as basic credentials', async () => {
    answer = (request, response) => response.end(request.headers.authorization);
    const { text } = await read(url('/a', 'me:p%40ss@'));
    expect(text).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it.each([
    ['2-4', 'bytes=2-4', 'bytes 2-4/10', '234'],
    ['8-99', 'bytes=8-99', 'bytes 8-9/10', '89'],
    ['8-', 'bytes=8-', 'bytes 8-9/*', '89'],
    ['-2', 'bytes=-2', 'bytes 8-9/10', '89'],
    ['-20', 'bytes=-20', 'bytes 0-9/10', '0123456789'],
  ])('asks for the range %s', async (range, field, contentRange, text) => {
    answer = (request, response) => {
      expect(request.headers.range).toBe(field);
      response.writeHead(206, { 'content-range': contentRange }).end(text);
    };
    await expect(read(url('/a'), range)).resolves.toMatchObject({ text });
  });

  it.each([
    ['2-4', 200, undefined],
    ['2-4', 206, undefined],
    ['2-4', 206, 'bytes 3-4/10'],
    ['2-4', 206, 'bytes 2-5/10'],
    ['-2', 206, 'bytes 0-1/10'],
  ])('refuses another answer to the range %s: %d %s', async (range, status, contentRange) => {
    answer = (_request, response) =>
      response.writeHead(status, contentRange === undefined ? {} : { 'content-range': contentRange }).end('xxx');
    await expect(read(url('/a'), range)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: `${url('/a').href}: the server did not answer with the range that was asked for`,
    });
  });

  it('refuses a part that nobody asked for', async () => {
    answer = (_request, response) => response.writeHead(206, { 'content-range': 'bytes 0-0/9' }).end('x');
    await expect(read(url('/a'))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it.each([
    [404, 'NOT_FOUND', 'never', 'Not Found'],
    [410, 'NOT_FOUND', 'never', 'Gone'],
    [416, 'RANGE_NOT_SATISFIABLE', 'never', 'Range Not Satisfiable'],
    [401, 'SOURCE_FAILED', 'never', 'Unauthorized'],
    [429, 'SOURCE_FAILED', 'maybe', 'Too Many Requests'],
    [503, 'SOURCE_FAILED', 'maybe', 'Service Unavailable'],
  ])('fails for the status %d', async (status, code, retry, text) => {
    answer = (_request, response) => response.writeHead(status).end('an error page');
    await expect(read(url('/a?token=secret', 'me:secret@'))).rejects.toMatchObject({
      code,
      retry,
      message: `${url('/a').href}?…: the server answered ${status} ${text}`,
    });
  });

  it('says why a server cannot be reached', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    await expect(read(new URL(`http://127.0.0.1:${port}/a`))).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: `http://127.0.0.1:${port}/a: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it('can be aborted while the server thinks', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    answer = () => controller.abort(reason);
    await expect(openHttp(url('/a'), undefined, controller.signal)).rejects.toBe(reason);
  });
});
