import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import type { ByteSource, PullSource } from '../../contracts/index.js';

const ignore = (): void => undefined;
const NOTHING = new Uint8Array(0);

/** Any byte source, read by pulling: one of several that are strung together into one body. */
export function readerOf(source: ByteSource): PullSource {
  return 'pull' in source ? source : new ReadableReader(readableOf(source));
}

function readableOf(source: Exclude<ByteSource, PullSource>): Readable {
  // By shape: Readables of other copies of the stream library count too.
  if ('pause' in source) return source;
  return 'getReader' in source ? Readable.fromWeb(source as ReadableStream<Uint8Array>) : Readable.from(source);
}

class ReadableReader implements PullSource {
  readonly #readable: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = NOTHING;

  constructor(readable: Readable) {
    // An error between two pulls is kept by the stream, and thrown by the next one.
    this.#readable = readable.on('error', ignore);
    this.#chunks = readable[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async pull(buffer: Uint8Array, signal: AbortSignal): Promise<number> {
    const stop = (): void => void this.#readable.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (this.#rest.byteLength === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return 0;
        this.#rest = next.value;
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
    const bytes = Math.min(buffer.byteLength, this.#rest.byteLength);
    buffer.set(this.#rest.subarray(0, bytes));
    this.#rest = this.#rest.subarray(bytes);
    return bytes;
  }

  close(): void {
    this.#readable.destroy();
  }
}
