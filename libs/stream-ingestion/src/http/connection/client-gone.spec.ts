import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { LoopbackServer } from '../../testing/http/loopback-server.js';
import { clientGone, type ClientGone } from './client-gone.js';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const PUT = 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

describe('clientGone', () => {
  let server: LoopbackServer;
  let exchanges: Exchange[];

  beforeEach(async () => {
    exchanges = [];
    server = await LoopbackServer.start((request, response) => {
      exchanges.push({ request, response });
    });
  });

  afterEach(() => server.close());

  async function nextExchange(): Promise<Exchange> {
    for (;;) {
      const exchange = exchanges.shift();
      if (exchange !== undefined) return exchange;
      await sleep(2);
    }
  }

  function listenersOf({ request, response }: Exchange): number {
    return request.listenerCount('close') + response.listenerCount('close');
  }

  async function reasonOf({ signal }: ClientGone): Promise<string> {
    if (!signal.aborted) await once(signal, 'abort');
    return (signal.reason as { code: string }).code;
  }

  it.each(['destroy', 'resetAndDestroy'] as const)('fires where the body was cut off by %s', async (leave) => {
    const socket = await server.connect();
    socket.on('error', () => undefined).write(`${PUT}abc`);
    const { request, response } = await nextExchange();
    request.resume();
    const before = listenersOf({ request, response });
    const gone = clientGone(request, response);
    socket[leave]();
    expect(await reasonOf(gone)).toBe('SOURCE_CLOSED');
    expect(listenersOf({ request, response })).toBeLessThanOrEqual(before);
  });

  it('fires where the client does not wait for the answer', async () => {
    const socket = await server.connect();
    socket.write(`${PUT}0123456789`);
    const { request, response } = await nextExchange();
    const gone = clientGone(request, response);
    request.resume();
    await once(request, 'close');
    expect(gone.signal.aborted).toBe(false);
    socket.destroy();
    expect(await reasonOf(gone)).toBe('DESTINATION_CLOSED');
  });

  it('fires where the client leaves in the midst of the answer', async () => {
    const socket = await server.connect();
    socket.write(GET);
    const { request, response } = await nextExchange();
    const gone = clientGone(request, response);
    response.write('begun');
    await once(socket, 'data');
    socket.destroy();
    expect(await reasonOf(gone)).toBe('DESTINATION_CLOSED');
  });

  it('is silent where all went well, and leaves no listener', async () => {
    const socket = await server.connect();
    for (const head of [GET, `${PUT}0123456789`]) {
      socket.write(head);
      const exchange = await nextExchange();
      const before = listenersOf(exchange);
      const gone = clientGone(exchange.request, exchange.response);
      expect(listenersOf(exchange)).toBe(before + 2);
      exchange.request.resume();
      exchange.response.end('ok');
      await once(exchange.response, 'close');
      await sleep(5);
      expect(gone.signal.aborted).toBe(false);
      expect(exchange.response.listenerCount('close')).toBeLessThanOrEqual(before);
      gone.dispose();
      expect(listenersOf(exchange)).toBeLessThanOrEqual(before);
    }
    socket.destroy();
  });

  it('stays silent once it was disposed of', async () => {
    const socket = await server.connect();
    socket.write(GET);
    const exchange = await nextExchange();
    const before = listenersOf(exchange);
    const gone = clientGone(exchange.request, exchange.response);
    gone.dispose();
    gone.dispose();
    expect(listenersOf(exchange)).toBe(before);
    socket.destroy();
    await once(exchange.response, 'close');
    expect(gone.signal.aborted).toBe(false);
  });

  it('knows a client that had gone before', async () => {
    const socket = await server.connect();
    socket.write(`${PUT}abc`);
    const { request, response } = await nextExchange();
    socket.destroy();
    await once(response, 'close');
    expect(await reasonOf(clientGone(request, response))).toBe('SOURCE_CLOSED');
  });

  it('does not take an answer for lost that was given before', async () => {
    const socket = await server.connect();
    socket.write(GET);
    const exchange = await nextExchange();
    const before = listenersOf(exchange);
    exchange.response.end('ok');
    await once(exchange.response, 'close');
    const gone = clientGone(exchange.request, exchange.response);
    socket.destroy();
    await sleep(10);
    expect(gone.signal.aborted).toBe(false);
    gone.dispose();
    expect(listenersOf(exchange)).toBeLessThanOrEqual(before);
  });
});
