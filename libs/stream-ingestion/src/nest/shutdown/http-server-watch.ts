import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { hasBody, isUntouched } from '../http/body-gate/hidden-body.js';

const IDLE_SWEEP_MS = 50;

/**
 * Minds the HTTP server of the application: uploads may take as long as they make progress, other requests may not, and
 * at the end no connection keeps the process alive.
 */
@Injectable()
export class HttpServerWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #inFlight = new Set<ServerResponse>();
  #server: Server | undefined;
  #bodyDeadlineMs = 0;
  #keepAlive = true;
  #sweep: NodeJS.Timeout | undefined;

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    const server = this.adapterHost.httpAdapter?.getHttpServer() as Server | undefined;
    // A context without HTTP, or a server of another make.
    if (typeof server?.prependListener !== 'function') return;
    this.#server = server;
    // Node's limit is on the whole request, which kills an upload of hours. Raw routes have the idle time instead; for
    // every other request the limit is kept below. The time for the head (headersTimeout) stays as it is.
    this.#bodyDeadlineMs = server.requestTimeout ?? 0;
    server.requestTimeout = 0;
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
  }

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    this.#inFlight.add(response);
    response.once('close', () => this.#inFlight.delete(response));
    if (!this.#keepAlive) response.shouldKeepAlive = false;
    if (this.#bodyDeadlineMs > 0 && hasBody(request)) this.#limitBody(request);
  };

  #limitBody(request: IncomingMessage): void {
    const timer = setTimeout(() => {
      if (!request.complete && !isUntouched(request)) request.destroy();
    }, this.#bodyDeadlineMs).unref();
    request.once('close', () => clearTimeout(timer));
  }
}
