import { createServer, type RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { StreamIngestionError } from '../../contracts/index.js';
import { LoopbackServer, readToClose } from '../../testing/http/loopback-server.js';
import { readRawUpload } from '../upload/raw-upload.js';
import { applyServerTimeouts, type ServerTimeoutOptions } from './server-timeouts.js';

const HALF_A_PUT = 'PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc';
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('applyServerTimeouts', () => {
  let server: LoopbackServer | undefined;

  afterEach(() => server?.close());

  async function start(listener: RequestListener, options: ServerTimeoutOptions): Promise<LoopbackServer> {
    server = await LoopbackServer.start(listener);
    applyServerTimeouts(server.server, options);
    return server;
  }

  const echoLength: RequestListener = (request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => response.end(`got ${bytes}`));
  };

  it('lets an upload outlast every limit', async () => {
    const socket = await (
      await start(
        (request, response) => {
          readRawUpload(request);
          echoLength(request, response);
        },
        { bodyTimeoutMs: 400, silenceTimeoutMs: 400 },
      )
    ).connect();
    const answer = readToClose(socket);
    socket.write(HALF_A_PUT);
    await sleep(1200);
    socket.write('defghij');
    expect(await answer).toMatch(/got 10$/);
  });

  it('ends another request whose body takes too long, also one that trickles', async () => {
    const socket = await (await start(echoLength, { bodyTimeoutMs: 300, silenceTimeoutMs: 0 })).connect();
    const answer = readToClose(socket);
    socket.write(HALF_A_PUT);
    const trickle = setInterval(() => socket.write('x'), 100);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(trickle);
  });

  it('lets go of half a request that nobody reads', async () => {
    const listener: RequestListener = () => undefined;
    const running = await start(listener, { bodyTimeoutMs: 0, silenceTimeoutMs: 50 });
    expect(await running.exchange(HALF_A_PUT)).toBe('');
  });

  it('lets go of a connection that never says a word', async () => {
    const running = await start(echoLength, { silenceTimeoutMs: 50 });
    expect(await running.exchange('')).toBe('');
  });

  it('lets go of a client that does not read its answer', async () => {
    const huge = Buffer.alloc(64 * 1024 * 1024);
    let closed = (): void => undefined;
    const responseClosed = new Promise<void>((resolve) => (closed = resolve));
    const socket = await (
      await start((_, response) => response.on('close', closed).end(huge), { silenceTimeoutMs: 300 })
    ).connect();
    socket.on('error', () => undefined).pause();
    socket.write(GET);
    await responseClosed;
    socket.destroy();
  });

  it('looks again where a handler that was at work is done, and its client does not read', async () => {
    const huge = Buffer.alloc(64 * 1024 * 1024);
    let closed = (): void => undefined;
    const responseClosed = new Promise<void>((resolve) => (closed = resolve));
    const running = await start(
      (_, response) => {
        response.on('close', closed).writeHead(200, { 'content-length': huge.length }).write(huge);
        setTimeout(() => response.end(), 900);
      },
      { silenceTimeoutMs: 300 },
    );
    const socket = await running.connect();
    socket.on('error', () => undefined).pause();
    socket.write(GET);
    await responseClosed;
    socket.destroy();
  });

  it('waits for a handler that is at work', async () => {
    const running = await start((_, response) => void setTimeout(() => response.end('at last'), 1200), {
      silenceTimeoutMs: 400,
    });
    expect(await running.exchange(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))).toMatch(/at last$/);
  });

  it('takes another rule for what a transfer is', async () => {
    const socket = await (
      await start(echoLength, { bodyTimeoutMs: 400, silenceTimeoutMs: 400, isTransfer: ({ url }) => url === '/' })
    ).connect();
    const answer = readToClose(socket);
    socket.write(HALF_A_PUT);
    await sleep(1200);
    socket.write('defghij');
    expect(await answer).toMatch(/got 10$/);
  });

  it('switches the limit of Node.js off, and takes everything back', () => {
    const plain = createServer({ requestTimeout: 1234, headersTimeout: 1000, keepAliveTimeout: 77 });
    const undo = applyServerTimeouts(plain, { keepAliveTimeoutMs: 99 });
    expect(plain).toMatchObject({ requestTimeout: 0, timeout: 120_000, keepAliveTimeout: 99, headersTimeout: 1000 });
    undo();
    expect(plain).toMatchObject({ requestTimeout: 1234, timeout: 0, keepAliveTimeout: 77 });
    expect(plain.listenerCount('request') + plain.listenerCount('timeout')).toBe(0);
  });

  it.each(['bodyTimeoutMs', 'silenceTimeoutMs', 'keepAliveTimeoutMs'])('refuses a bad %s', (name) => {
    for (const value of [-1, 1.5, 2 ** 31, NaN]) {
      const apply = (): unknown => applyServerTimeouts(createServer(), { [name]: value });
      expect(apply).toThrow(StreamIngestionError);
      expect(apply).toThrow(name);
    }
  });
});
