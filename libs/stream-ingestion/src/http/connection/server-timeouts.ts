import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { StreamIngestionError } from '../../contracts/index.js';
import { hasBody } from '../upload/request-framing.js';
import { isTransfer } from './transfer-mark.js';

export interface ServerTimeoutOptions {
  /**
   * How long the body of a request that is no transfer may take, in milliseconds; 0: for ever. Default: what the
   * server's `requestTimeout` was, which is 300,000 in Node.js.
   */
  readonly bodyTimeoutMs?: number;
  /**
   * After which silence a connection is let go on which neither a transfer nor a handler is at work, in milliseconds;
   * 0: never. That is a client that reads no answer, or sends half a request. Default: 120,000.
   */
  readonly silenceTimeoutMs?: number;
  /** How long a connection may wait for its next request, in milliseconds. Default: as the server has it. */
  readonly keepAliveTimeoutMs?: number;
  /** Which requests may take any time. Default: those that `readRawUpload` or `multipartParts` has taken. */
  readonly isTransfer?: (request: IncomingMessage) => boolean;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const REQUEST_TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Lets uploads and downloads take as long as they make progress, and nobody else.
 *
 * Node's `requestTimeout` is for the whole request and would end an upload of hours: it is switched off, and kept for
 * requests that are no transfers. Whether a transfer still makes progress is watched by its own `idleTimeoutMs`. The
 * time for a request's head (`headersTimeout`) stays as it is.
 *
 * Before the server takes its first connection; once for each server.
 *
 * @returns what takes it all back.
 * @throws INVALID_OPTION.
 */
export function applyServerTimeouts(server: Server, options: ServerTimeoutOptions = {}): () => void {
  const before = [server.requestTimeout, server.timeout, server.keepAliveTimeout] as const;
  const bodyTimeoutMs = milliseconds('bodyTimeoutMs', options.bodyTimeoutMs ?? server.requestTimeout);
  const silenceTimeoutMs = milliseconds('silenceTimeoutMs', options.silenceTimeoutMs ?? 120_000);
  const keepAliveTimeoutMs = milliseconds('keepAliveTimeoutMs', options.keepAliveTimeoutMs ?? server.keepAliveTimeout);
  const mayTakeAnyTime = options.isTransfer ?? isTransfer;
  const exchanges = new WeakMap<Socket, Set<Exchange>>();

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const exchange = { request, response };
    const ofSocket = exchanges.get(socket) ?? new Set();
    exchanges.set(socket, ofSocket.add(exchange));
    const limited = bodyTimeoutMs > 0 && hasBody(request);
    const timer = limited ? setTimeout(onBodyTimeout, bodyTimeoutMs, exchange).unref() : undefined;
    response.once('close', () => {
      ofSocket.delete(exchange);
      clearTimeout(timer);
    });
  };
  const onBodyTimeout = ({ request, response }: Exchange): void => {
    if (request.complete || mayTakeAnyTime(request)) return;
    const { socket } = request;
    if (response.headersSent) socket.destroy();
    else socket.end(REQUEST_TIMEOUT, () => socket.destroy());
  };
  const onSilence = (socket: Socket): void => {
    for (const { request, response } of exchanges.get(socket) ?? []) {
      if (response.writableEnded || !(request.complete || mayTakeAnyTime(request))) continue;
      // Somebody is at work. The timer of a socket fires once: look again later.
      socket.setTimeout(silenceTimeoutMs);
      return;
    }
    socket.destroy();
  };

  server.requestTimeout = 0;
  server.timeout = silenceTimeoutMs;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.prependListener('request', onRequest).on('timeout', onSilence);
  return () => {
    server.off('request', onRequest).off('timeout', onSilence);
    [server.requestTimeout, server.timeout, server.keepAliveTimeout] = before;
  };
}

function milliseconds(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0 && value <= MAX_TIMER_MS) return value;
  throw new StreamIngestionError('INVALID_OPTION', `${name} must be whole milliseconds from 0 to ${MAX_TIMER_MS}`, {
    operation: 'http.timeouts',
  });
}
