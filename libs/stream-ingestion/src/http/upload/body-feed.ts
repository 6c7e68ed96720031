import type { IncomingMessage } from 'node:http';

import { isStreamIngestionError, StreamIngestionError } from '../../contracts/index.js';
import { clientClosed } from './request-body.js';

export interface BodyFeedListener {
  chunk(bytes: Buffer): void;
  end(): void;
  failed(error: Error): void;
}

/** Reads a request in flowing mode, without ever destroying it. */
export class BodyFeed {
  readonly #request: IncomingMessage;
  readonly #listener: BodyFeedListener;
  readonly #signal: AbortSignal | undefined;
  #open = false;

  constructor(request: IncomingMessage, listener: BodyFeedListener, signal: AbortSignal | undefined) {
    this.#request = request;
    this.#listener = listener;
    this.#signal = signal;
  }

  open(): void {
    const request = this.#request;
    this.#open = true;
    if (this.#signal?.aborted === true) return this.#onAbort();
    if (request.destroyed) return this.#onClose();
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    request.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose);
  }

  pause(): void {
    if (this.#open) this.#request.pause();
  }

  resume(): void {
    if (this.#open) this.#request.resume();
  }

  /** Leaves what was not read in the request, paused. Idempotent. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#request
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('error', this.#onError)
      .off('close', this.#onClose)
      .pause();
  }

  readonly #onData = (bytes: Buffer): void => this.#listener.chunk(bytes);

  readonly #onEnd = (): void => {
    // The close that follows says nothing of a body that is here as a whole.
    this.#request.off('error', this.#onError).off('close', this.#onClose);
    // A request also ends when its connection breaks half-way through the body.
    if (this.#request.complete) this.#listener.end();
    else this.#listener.failed(clientClosed());
  };

  readonly #onError = (error: Error): void => this.#listener.failed(clientClosed(error));

  readonly #onClose = (): void => this.#listener.failed(clientClosed());

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#listener.failed(
      isStreamIngestionError(reason)
        ? reason
        : new StreamIngestionError('ABORTED', 'the reading of the form was aborted', {
            operation: 'multipart.read',
            cause: reason,
          }),
    );
  };
}
