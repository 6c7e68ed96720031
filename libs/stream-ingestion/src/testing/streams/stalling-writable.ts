import { Writable } from 'node:stream';

/**
 * Takes `stallAfterBytes` bytes and then no more, as a client does that stops reading. `stalled` resolves when it has
 * stopped; `resume` lets it go on to the end.
 */
export class StallingWritable extends Writable {
  readonly stalled: Promise<void>;
  readonly #stallAfterBytes: number;
  #takenBytes = 0;
  #onStalled: () => void = () => undefined;
  #pending: (() => void) | undefined;
  #resumed = false;

  constructor(stallAfterBytes: number) {
    super({ highWaterMark: 16 * 1024 });
    this.#stallAfterBytes = stallAfterBytes;
    this.stalled = new Promise((resolve) => {
      this.#onStalled = resolve;
    });
  }

  get takenBytes(): number {
    return this.#takenBytes;
  }

  resume(): void {
    this.#resumed = true;
    this.#pending?.();
    this.#pending = undefined;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: () => void): void {
    this.#takenBytes += chunk.byteLength;
    if (this.#resumed || this.#takenBytes < this.#stallAfterBytes) return callback();
    this.#pending = callback;
    this.#onStalled();
  }
}
