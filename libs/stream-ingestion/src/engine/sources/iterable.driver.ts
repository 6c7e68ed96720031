import { asFailure } from '../failure.js';
import { assertBytes } from './assert-bytes.js';
import type { DriveContext, SourceDriver } from './source-driver.js';

const ignore = (): void => undefined;

type BytesIterator = AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

/**
 * Reads an async (or plain) iterable. On failure the iterator's `return` is called; a `next` that never settles is
 * not waited for, since nothing can end it.
 */
export class IterableDriver implements SourceDriver {
  readonly #iterator: BytesIterator;
  #done = false;
  #pending = false;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  async drive({ scope, meter, push }: DriveContext): Promise<void> {
    for (;;) {
      scope.throwIfFailed();
      const waitedFrom = performance.now();
      const next = await this.#next(scope.onFailure.bind(scope));
      meter.sourceWaitMs += performance.now() - waitedFrom;
      scope.throwIfFailed();
      if (next === undefined || next.done === true) return;
      assertBytes(next.value);
      meter.bytesIn += next.value.byteLength;
      const busy = push(next.value);
      if (busy !== undefined) await busy;
    }
  }

  async release(failure: Error | undefined): Promise<void> {
    if (failure === undefined || this.#done) return;
    const returned = Promise.resolve(this.#iterator.return?.()).catch(ignore);
    if (!this.#pending) await returned;
  }

  /** The next result, or undefined when the transfer failed first. */
  #next(onFailure: (callback: () => void) => () => void): Promise<IteratorResult<Uint8Array> | undefined> {
    return new Promise((resolve, reject) => {
      this.#pending = true;
      const stopListening = onFailure(() => resolve(undefined));
      const settled = (): void => {
        this.#pending = false;
        stopListening();
      };
      Promise.resolve()
        .then(() => this.#iterator.next())
        .then(
          (result) => {
            settled();
            this.#done = result.done === true;
            resolve(result);
          },
          (error: unknown) => {
            settled();
            this.#done = true;
            reject(asFailure('SOURCE_FAILED', 'source.read', error));
          },
        );
    });
  }
}
