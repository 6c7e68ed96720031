import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { applyServerTimeouts } from '../../http/index.js';
import { isTransfer } from '../../http/connection/transfer-mark.js';
import { isUntouched } from '../http/body-gate/hidden-body.js';

const IDLE_SWEEP_MS = 50;

/**
 * Minds the HTTP server of the application: uploads may take as long as they make progress, other requests may not, and
 * at the end no connection keeps the process alive.
 */
@Injectable()
export class HttpServerWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #inFlight = new Set<ServerResponse>();
  #server: Server | undefined;
  #undoTimeouts: () => void = () => undefined;
  #keepAlive = true;
  #sweep: NodeJS.Timeout | undefined;

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    const server = this.adapterHost.httpAdapter?.getHttpServer() as Partial<Server> | undefined;
    // A context without HTTP, or a server of HTTP/2 alone; https.Server is no http.Server, but has all that is needed.
    if (!isHttp1Server(server)) return;
    this.#server = server;
    this.#undoTimeouts = applyServerTimeouts(server, {
      isTransfer: (request) => isTransfer(request) || isUntouched(request),
    });
    server.prependListener('request', this.#onRequest);
  }

  /** From now on every answer ends its connection, those included that are not begun yet. */
  endKeepAlive(): void {
    this.#keepAlive = false;
    for (const response of this.#inFlight) if (!response.headersSent) response.shouldKeepAlive = false;
  }

  /**
   * Closes connections as they fall idle, and all of them at the deadline, so that the closing of the server does not
   * wait for a client that keeps one, or has sent half a request.
   */
  closeConnections(deadlineMs: number): void {
    const server = this.#server;
    if (server === undefined) return;
    const deadline = performance.now() + deadlineMs;
    const sweep = (): void => {
      // What has no request in flight is a kept connection, one just opened, or half a request.
      if (this.#inFlight.size === 0 || performance.now() >= deadline) server.closeAllConnections();
      else server.closeIdleConnections();
    };
    sweep();
    this.#sweep ??= setInterval(sweep, IDLE_SWEEP_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#sweep);
    this.#sweep = undefined;
    this.#server?.off('request', this.#onRequest);
    this.#undoTimeouts();
  }

  readonly #onRequest = (_request: IncomingMessage, response: ServerResponse): void => {
    this.#inFlight.add(response);
    response.once('close', () => this.#inFlight.delete(response));
    if (!this.#keepAlive) response.shouldKeepAlive = false;
  };
}

function isHttp1Server(server: Partial<Server> | undefined): server is Server {
  return typeof server?.closeAllConnections === 'function' && typeof server.requestTimeout === 'number';
}
