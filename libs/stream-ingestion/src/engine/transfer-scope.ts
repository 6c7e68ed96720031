import { setMaxListeners } from 'node:events';

import type { StreamIngestionError } from '../contracts/index.js';
import { asAbort } from './failure.js';

/**
 * The one place where a transfer fails. The first failure wins, fires the signal that every part of the transfer was
 * given, and is the one the caller sees.
 */
export class TransferScope {
  readonly #controller = new AbortController();
  readonly #external: AbortSignal | undefined;
  readonly #onExternalAbort: () => void;
  #failure: StreamIngestionError | undefined;

  constructor(operation: string, external: AbortSignal | undefined) {
    this.#external = external;
    this.#onExternalAbort = () => this.fail(asAbort(operation, external?.reason));
    if (external?.aborted) this.#onExternalAbort();
    else if (external !== undefined) {
      // Any number of transfers may share one signal; Node would warn of a leak at the eleventh.
      setMaxListeners(0, external);
      external.addEventListener('abort', this.#onExternalAbort, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get failure(): StreamIngestionError | undefined {
    return this.#failure;
  }

  fail(error: StreamIngestionError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#controller.abort(error);
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Calls back when the transfer fails, at once where it already has; returns a function that takes it back. */
  onFailure(callback: () => void): () => void {
    if (this.#failure !== undefined) {
      callback();
      return () => undefined;
    }
    this.signal.addEventListener('abort', callback, { once: true });
    return () => this.signal.removeEventListener('abort', callback);
  }

  /** From here on the outside cannot abort any more: the transfer is over. */
  dispose(): void {
    this.#external?.removeEventListener('abort', this.#onExternalAbort);
  }
}
