import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';

import { asFailure } from '../failure.js';
import { assertBytes } from './assert-bytes.js';
import type { DriveContext, SourceDriver } from './source-driver.js';

const ignore = (): void => undefined;

/** Reads a web ReadableStream; on failure it is cancelled with the failure as reason. */
export class WebStreamDriver implements SourceDriver {
  readonly #stream: ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#stream = stream;
  }

  async drive({ scope, meter, push }: DriveContext): Promise<void> {
    const reader = (this.#reader = this.#stream.getReader());
    // A pending read ends when the stream is cancelled: it then says done, and the scope says why.
    const stopListening = scope.onFailure(() => void reader.cancel(scope.failure).catch(ignore));
    try {
      for (;;) {
        scope.throwIfFailed();
        const waitedFrom = performance.now();
        const { done, value } = await reader.read();
        meter.sourceWaitMs += performance.now() - waitedFrom;
        scope.throwIfFailed();
        if (done) return;
        assertBytes(value);
        meter.bytesIn += value.byteLength;
        const busy = push(value);
        if (busy !== undefined) await busy;
      }
    } catch (error) {
      throw scope.failure ?? asFailure('SOURCE_FAILED', 'source.read', error);
    } finally {
      stopListening();
    }
  }

  async release(failure: Error | undefined): Promise<void> {
    if (failure !== undefined) await (this.#reader ?? this.#stream).cancel(failure).catch(ignore);
    this.#reader?.releaseLock();
  }
}
