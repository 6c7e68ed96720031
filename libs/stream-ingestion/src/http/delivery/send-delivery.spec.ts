import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

import { StreamIngestionError, type ByteRange, type ByteSource, type DeliverySource } from '../../contracts/index.js';
import type { DeliveryPlan } from './delivery-plan.js';
import { planDelivery } from './plan-delivery.js';
import { sendDelivery, type Delivery } from './send-delivery.js';

const content = Buffer.alloc(3_000_000, 'abcdefghijklmnopqrstuvwxyz0123456789');

/** An object in memory that counts what is opened and closed. */
class BufferSource implements DeliverySource {
  opened = 0;
  readingsClosed = 0;
  closed = 0;

  constructor(
    readonly bytes: Buffer = content,
    readonly readable: number = bytes.byteLength,
    readonly atEnd: (signal: AbortSignal) => number | Promise<number> = () => 0,
  ) {}

  stat() {
    const { byteLength } = this.bytes;
    const facts = { key: 'a.txt', etag: 'v1', lastModified: new Date(0), digests: {}, metadata: {} };
    return Promise.resolve({ ...facts, size: byteLength, contentType: 'text/plain' });
  }

  read(range: ByteRange | undefined, _signal?: AbortSignal): Promise<ByteSource> {
    this.opened += 1;
    let { start, end } = range ?? { start: 0, end: this.bytes.byteLength - 1 };
    end = Math.min(end, this.readable - 1);
    return Promise.resolve({
      pull: (buffer, aborted) => {
        if (start > end) return this.atEnd(aborted);
        const bytes = this.bytes.copy(buffer, 0, start, Math.min(end + 1, start + 100_000));
        start += bytes;
        return bytes;
      },
      close: () => void (this.readingsClosed += 1),
    });
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly complete: boolean;
  readonly localPort: number | undefined;
}

describe('sendDelivery', () => {
  let server: Server;
  let source: BufferSource;
  let extra: Partial<Delivery>;
  let prepare: (response: ServerResponse) => void;
  let outcome: Promise<unknown>;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const plan: DeliveryPlan = planDelivery(
      { method: incoming.method ?? '', headers: incoming.headers },
      await source.stat(),
      { boundary: 'B' },
    );
    prepare(response);
    return sendDelivery({ plan, source, response, ...extra });
  };

  beforeEach(async () => {
    source = new BufferSource();
    extra = {};
    prepare = () => undefined;
    server = createServer((incoming, response) => {
      outcome = handle(incoming, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else if (!response.destroyed) response.writeHead(503).end();
        return error;
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  afterAll(() => agent.destroy());

  const port = (): number => (server.address() as AddressInfo).port;

  const ask = async (headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => {
    const asking = request({ port: port(), host: '127.0.0.1', method, headers, agent }).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    const localPort = response.socket.localPort;
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    await new Promise((resolve) => response.once('close', resolve));
    const { statusCode: status = 0, complete } = response;
    return { status, headers: response.headers, body: Buffer.concat(chunks), complete, localPort };
  };

  const openSocket = async (text: string): Promise<Socket> => {
    const socket = connect(port(), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };

  it('sends the whole object and returns the report', async () => {
    const { status, headers, body, complete } = await ask();
    expect([status, headers['content-length'], headers.etag, complete]).toEqual([200, '3000000', '"v1"', true]);
    expect(body.equals(content)).toBe(true);
    expect(await outcome).toMatchObject({ outcome: 'completed', direction: 'deliver', bytesOut: 3_000_000 });
    expect([source.opened, source.readingsClosed, source.closed]).toEqual([1, 1, 1]);
  });

  it('sends one range', async () => {
    const { status, headers, body } = await ask({ range: 'bytes=1000000-1999999' });
    expect([status, headers['content-range']]).toEqual([206, 'bytes 1000000-1999999/3000000']);
    expect(body.equals(content.subarray(1_000_000, 2_000_000))).toBe(true);
  });

  it('sends several ranges as parts, with the announced length', async () => {
    const { status, headers, body, complete } = await ask({ range: 'bytes=-3,0-4' });
    expect([status, headers['content-type'], complete]).toEqual([206, 'multipart/byteranges; boundary=B', true]);
    expect(body.toString()).toBe(
      '--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 2999997-2999999/3000000\r\n\r\njkl' +
        '\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-4/3000000\r\n\r\nabcde\r\n--B--\r\n',
    );
    expect(headers['content-length']).toBe(String(body.byteLength));
    expect(await outcome).toMatchObject({ outcome: 'completed', bytesOut: body.byteLength });
    expect([source.opened, source.readingsClosed, source.closed]).toEqual([2, 2, 1]);
  });

  it('sends an empty object', async () => {
    source = new BufferSource(Buffer.alloc(0));
    const { status, headers, body } = await ask();
    expect([status, headers['content-length'], body.byteLength]).toEqual([200, '0', 0]);
    expect(await outcome).toMatchObject({ outcome: 'completed', bytesOut: 0 });
  });

  it('answers without a body to HEAD, 304, 412 and 416, without reading, and keeps the connection', async () => {
    const answers = [
      await ask({}, 'HEAD'),
      await ask({ 'if-none-match': '"v1"' }),
      await ask({ range: 'bytes=0-9' }),
      await ask({ 'if-match': '"v0"' }),
      await ask({ range: 'bytes=3000000-' }),
      await ask({}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 206, 412, 416, 200]);
    expect(answers[0]?.headers['content-length']).toBe('3000000');
    expect(answers[0]?.body.byteLength).toBe(0);
    expect(answers[1]?.headers).not.toHaveProperty('content-length');
    expect(answers[1]?.headers).not.toHaveProperty('transfer-encoding');
    expect(answers[1]?.body.byteLength).toBe(0);
    expect(answers[4]?.headers['content-range']).toBe('bytes */3000000');
    expect(new Set(answers.map(({ localPort }) => localPort)).size).toBe(1);
    expect([source.opened, source.closed]).toEqual([2, 6]);
  });

  it.each<[string, Record<string, string>, number, string | undefined, string]>([
    ['GET', { 'if-match': '"v0"' }, 412, undefined, 'PRECONDITION_FAILED'],
    ['GET', { range: 'bytes=3000000-' }, 416, 'bytes */3000000', 'RANGE_NOT_SATISFIABLE'],
  ])('answers %s with %p by a problem document of status %i', async (method, fields, status, contentRange, code) => {
    const { headers, body, ...answer } = await ask(fields, method);
    expect([answer.status, headers['content-range']]).toEqual([status, contentRange]);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers).not.toHaveProperty('etag');
    expect(JSON.parse(body.toString())).toMatchObject({ status, code });
  });

  it('answers a HEAD whose condition fails without a body', async () => {
    const { status, body, complete } = await ask({ 'if-match': '"v0"' }, 'HEAD');
    expect([status, body.byteLength, complete]).toEqual([412, 0, true]);
  });

  it('puts nothing behind a 304 or a HEAD on the wire', async () => {
    const get = 'GET / HTTP/1.1\r\nHost: a\r\n';
    const socket = await openSocket(
      `${get}If-None-Match: *\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n${get}Range: bytes=0-2\r\nConnection: close\r\n\r\n`,
    );
    let wire = '';
    socket.on('data', (chunk: Buffer) => (wire += chunk.toString('latin1')));
    await once(socket, 'close');
    const messages = wire.split(/(?=HTTP\/1\.1 )/).map((message) => message.split('\r\n\r\n'));
    expect(messages.map(([head, ...rest]) => [head?.slice(0, 12), rest.join()])).toEqual([
      ['HTTP/1.1 304', ''],
      ['HTTP/1.1 200', ''],
      ['HTTP/1.1 206', 'abc'],
    ]);
  });

  it('keeps fields that others set, and joins Vary', async () => {
    prepare = (response) => response.setHeader('X-Request-Id', '7').setHeader('Vary', 'Origin');
    const stat = await source.stat();
    source.stat = () => Promise.resolve({ ...stat, contentEncoding: 'gzip' });
    const { headers } = await ask();
    expect([headers['x-request-id'], headers.vary]).toEqual(['7', 'Origin, Accept-Encoding']);
  });

  it('leaves the response untouched where the source cannot be opened', async () => {
    source.read = () => Promise.reject(new StreamIngestionError('NOT_FOUND', 'gone'));
    const { status, headers } = await ask();
    expect([status, headers.etag, headers['content-length']]).toEqual([503, undefined, undefined]);
    expect(await outcome).toMatchObject({ code: 'NOT_FOUND' });
    expect(source.closed).toBe(1);
  });

  it('names what a foreign error on opening means', async () => {
    source.read = () => Promise.reject(new Error('socket hang up'));
    expect((await ask()).status).toBe(503);
    expect(await outcome).toMatchObject({
      code: 'SOURCE_FAILED',
      cause: { message: 'socket hang up' },
    });
  });

  it('leaves the response untouched where it is aborted before', async () => {
    extra = { signal: AbortSignal.abort(new StreamIngestionError('DRAINING', 'shutting down')) };
    expect((await ask()).status).toBe(503);
    expect(await outcome).toMatchObject({ code: 'DRAINING' });
    expect([source.opened, source.closed]).toEqual([0, 1]);
  });

  it.each<[string, () => number | Promise<number>, string]>([
    ['fails', () => Promise.reject(new Error('EIO')), 'SOURCE_FAILED'],
    ['ends early', () => 0, 'LENGTH_MISMATCH'],
  ])('cuts the connection where the source %s half-way', async (_, atEnd, code) => {
    source = new BufferSource(content, 1_500_000, atEnd);
    const { status, complete, body } = await ask();
    expect([status, complete]).toEqual([200, false]);
    expect(body.byteLength).toBeLessThan(3_000_000);
    expect(await outcome).toMatchObject({ code, report: { outcome: 'failed' } });
    expect([source.readingsClosed, source.closed]).toEqual([1, 1]);
  });

  it('cuts the connection where a part ends early, although the rest would fit', async () => {
    source = new BufferSource(content, 2_999_999);
    const { status, complete } = await ask({ range: 'bytes=0-4,-3' });
    expect([status, complete]).toEqual([206, false]);
    expect(await outcome).toMatchObject({ code: 'LENGTH_MISMATCH' });
    expect([source.readingsClosed, source.closed]).toEqual([2, 1]);
  });

  it.each([
    ['adds', (chunk: Buffer) => Buffer.concat([chunk, chunk])],
    ['drops', (chunk: Buffer) => chunk.subarray(1)],
  ])('cuts the connection where a transform %s bytes', async (_, change) => {
    const transform = (): Transform =>
      new Transform({ transform: (chunk: Buffer, _encoding, callback) => callback(null, change(chunk)) });
    extra = { deliver: { transforms: [transform()] } };
    expect((await ask()).body.byteLength).toBeLessThanOrEqual(3_000_000);
    expect(await outcome).toMatchObject({ cause: { code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH' } });
  });

  it('stops reading when the client goes away', async () => {
    source = new BufferSource(content, 100_000, (aborted) => once(aborted, 'abort').then(() => 0));
    const socket = await openSocket('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(await outcome).toMatchObject({ code: 'DESTINATION_CLOSED', report: { outcome: 'aborted' } });
    expect([source.readingsClosed, source.closed]).toEqual([1, 1]);
  });

  it('gives up opening when the client goes away', async () => {
    source.read = (_range, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const socket = await openSocket('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(server, 'request');
    socket.destroy();
    expect(await outcome).toMatchObject({ code: 'DESTINATION_CLOSED' });
    expect(source.closed).toBe(1);
  });

  it('cuts the connection when it is aborted half-way', async () => {
    const controller = new AbortController();
    extra = { signal: controller.signal };
    source = new BufferSource(content, 200_000, () => {
      controller.abort(new Error('enough'));
      return new Promise((resolve) => setImmediate(() => resolve(0)));
    });
    expect((await ask()).complete).toBe(false);
    expect(await outcome).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    expect([source.readingsClosed, source.closed]).toEqual([1, 1]);
  });

  it('refuses a response that was started', async () => {
    prepare = (response) => response.writeHead(200).write('x');
    await expect(ask()).rejects.toThrow('socket hang up');
    expect(await outcome).toMatchObject({ code: 'INVALID_OPTION' });
    expect([source.opened, source.closed]).toEqual([0, 1]);
  });

  it('lets go of the reading where somebody else answered meanwhile', async () => {
    const read = source.read.bind(source);
    prepare = (response) => {
      source.read = (range) => {
        response.writeHead(408).write('x');
        return read(range);
      };
    };
    await expect(ask()).rejects.toThrow('socket hang up');
    expect(await outcome).toMatchObject({ code: 'INVALID_OPTION' });
    expect([source.opened, source.readingsClosed, source.closed]).toEqual([1, 1, 1]);
  });

  it('says that a source could not be closed, and what was delivered', async () => {
    source.close = () => Promise.reject(new Error('EIO'));
    expect((await ask()).complete).toBe(true);
    expect(await outcome).toMatchObject({ code: 'SOURCE_FAILED', report: { outcome: 'completed' } });
  });
});
