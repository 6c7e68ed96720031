import {
  isStreamIngestionError,
  StreamIngestionError,
  type ByteSource,
  type PullSource,
} from '../../contracts/index.js';
import { cursorOf, isPullSource, type ByteCursor } from './byte-cursor.js';

const ignore = (): void => undefined;

/** Reads any source in pieces of the reader's choice. Calls do not overlap. */
export interface ByteReader {
  /**
   * Fills `into`; less only where the source has ended. Settles soon after the signal has fired.
   *
   * @throws ABORTED, SOURCE_FAILED, or the StreamIngestionError of the source.
   */
  read(into: Uint8Array, signal: AbortSignal): Promise<number>;
  /** Lets go of the source, wherever it is. */
  close(): Promise<void>;
}

export function readerOf(source: ByteSource): ByteReader {
  return isPullSource(source) ? new PullReader(source) : new CursorReader(cursorOf(source));
}

class PullReader implements ByteReader {
  readonly #source: PullSource;

  constructor(source: PullSource) {
    this.#source = source;
  }

  async read(into: Uint8Array, signal: AbortSignal): Promise<number> {
    let filled = 0;
    while (filled < into.byteLength) {
      throwIfAborted(signal);
      try {
        const bytes = await this.#source.pull(filled === 0 ? into : into.subarray(filled), signal);
        if (bytes === 0) break;
        filled += bytes;
      } catch (error) {
        throwIfAborted(signal);
        throw asSourceFailure(error);
      }
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}

class CursorReader implements ByteReader {
  readonly #cursor: ByteCursor;
  #rest: Uint8Array = new Uint8Array(0);
  #pending = false;

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor;
  }

  async read(into: Uint8Array, signal: AbortSignal): Promise<number> {
    let filled = 0;
    while (filled < into.byteLength) {
      throwIfAborted(signal);
      if (this.#rest.byteLength === 0) {
        const chunk = await this.#next(signal);
        if (chunk === undefined) break;
        this.#rest = chunk;
      }
      const taken = this.#rest.subarray(0, into.byteLength - filled);
      into.set(taken, filled);
      this.#rest = this.#rest.subarray(taken.byteLength);
      filled += taken.byteLength;
    }
    return filled;
  }

  async close(): Promise<void> {
    const stopped = Promise.resolve(this.#cursor.stop()).catch(ignore);
    // A chunk that never comes is not waited for: nothing can end it.
    if (!this.#pending) await stopped;
  }

  #next(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(aborted(signal));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#pending = true;
      const settled = (): void => {
        this.#pending = false;
        signal.removeEventListener('abort', onAbort);
      };
      Promise.resolve()
        .then(() => this.#cursor.next())
        .then(
          ({ done, value }) => {
            settled();
            if (done) resolve(undefined);
            else if (value instanceof Uint8Array) resolve(value);
            else reject(asSourceFailure(new TypeError('a source must give bytes')));
          },
          (error: unknown) => {
            settled();
            reject(asSourceFailure(error));
          },
        );
    });
  }
}

export function asSourceFailure(cause: unknown): StreamIngestionError {
  if (isStreamIngestionError(cause)) return cause;
  return new StreamIngestionError('SOURCE_FAILED', 'decrypt: the source of the ciphertext failed', {
    operation: 'decrypt.read',
    cause,
  });
}

function aborted(signal: AbortSignal): StreamIngestionError {
  const cause: unknown = signal.reason;
  return new StreamIngestionError('ABORTED', 'decrypt.read was aborted', { operation: 'decrypt.read', cause });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}
