import type { Transform } from 'node:stream';

import type { Emit } from '../contracts/index.js';
import { StopSwitch } from './stop-switch.js';

/** Unit of every native call, in and out: large enough that thread-pool hops do not count, small enough to stop soon. */
export const ZLIB_UNIT_BYTES = 64 * 1024;

/** Any stream of `node:zlib`. */
export type ZlibStream = Transform & {
  /** Bytes of input that the native side has taken. */
  readonly bytesWritten: number;
};

export interface ZlibPumpParts {
  readonly operation: string;
  /** Makes the stream, with {@link ZLIB_UNIT_BYTES} as its `chunkSize`, when the first byte or the end is there. */
  readonly open: () => ZlibStream;
  /** What is thrown where the stream cannot be made or fails. */
  readonly explain: (error: unknown) => Error;
}

/**
 * Drives a zlib stream by hand: one unit of input at a time, and no further output is produced while the output there
 * is waits to be handed on. At most two units of output exist at any moment, whatever the ratio.
 *
 * Input is copied into memory of its own. The thread pool may still be reading it when a transfer is aborted, and the
 * caller's chunk must not be touched once the call has settled; waiting for the thread pool instead would not be prompt.
 */
export class ZlibPump {
  readonly #parts: ZlibPumpParts;
  readonly #stop: StopSwitch;
  #stream: ZlibStream | undefined;
  #input: Buffer | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;
  #handedInBytes = 0;

  constructor(parts: ZlibPumpParts) {
    this.#parts = parts;
    this.#stop = new StopSwitch(parts.operation);
    this.#stop.signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Bytes of input that the native side has taken. */
  get consumedBytes(): number {
    return this.#stream?.bytesWritten ?? 0;
  }

  /** Bytes of input that the native side refused to take, since for it the data had ended. Known once a call settled. */
  get refusedBytes(): number {
    return this.#handedInBytes - this.consumedBytes;
  }

  /**
   * Hands the chunk in, and on what comes out. Stops early where the stream takes no more.
   *
   * Errors: the stream's, explained; ABORTED or the reason of `signal` or `destroy`; whatever `emit` throws.
   */
  write(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#stop.follow(signal, async () => {
      const stream = this.#opened();
      this.#input ??= Buffer.allocUnsafeSlow(ZLIB_UNIT_BYTES);
      for (let offset = 0; offset < chunk.byteLength && this.refusedBytes === 0; offset += ZLIB_UNIT_BYTES) {
        const unit = chunk.subarray(offset, offset + ZLIB_UNIT_BYTES);
        this.#input.set(unit);
        this.#handedInBytes += unit.byteLength;
        let taken = false;
        stream.write(this.#input.subarray(0, unit.byteLength), () => {
          taken = true;
          this.#wake();
        });
        await this.#handOn(stream, emit, () => taken);
      }
    });
  }

  /** Ends the input and hands on the rest of the output. Errors as with `write`. */
  end(emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#stop.follow(signal, async () => {
      const stream = this.#opened();
      stream.end();
      await this.#handOn(stream, emit, () => stream.readableEnded);
    });
  }

  /** Frees the native side. A call that is running rejects. */
  destroy(reason: unknown): void {
    this.#stop.stop(reason);
    this.#stream?.destroy();
    this.#input = undefined;
  }

  #opened(): ZlibStream {
    if (this.#stream !== undefined) return this.#stream;
    const stream = this.#tryOpen();
    stream.on('readable', () => this.#wake());
    stream.on('end', () => this.#wake());
    stream.on('error', (error) => {
      this.#failure = this.#parts.explain(error);
      this.#wake();
    });
    this.#stream = stream;
    return stream;
  }

  #tryOpen(): ZlibStream {
    try {
      return this.#parts.open();
    } catch (error) {
      throw this.#parts.explain(error);
    }
  }

  async #handOn(stream: ZlibStream, emit: Emit, isDone: () => boolean): Promise<void> {
    for (;;) {
      this.#stop.throwIfStopped();
      if (this.#failure !== undefined) throw this.#failure;
      const output = stream.read() as Buffer | null;
      if (output !== null) {
        await emit(output);
      } else if (isDone()) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
