import type { PullSource } from '../../contracts/index.js';
import type { BufferRing } from '../buffer-ring.js';
import { asFailure } from '../failure.js';
import type { DriveContext, SourceDriver } from './source-driver.js';

export interface PullDriverParts {
  readonly ring: BufferRing;
  readonly bufferBytes: number;
  /** Read until a buffer is full before it is handed on. Right for a sink; a client should not wait for it. */
  readonly fill: boolean;
  /** See `Terminal.sendGathered`. */
  readonly sendGathered: () => void;
}

/** Reads a pull source into the transfer's own buffers, the next one while the one before is being written. */
export class PullDriver implements SourceDriver {
  readonly #source: PullSource;
  readonly #parts: PullDriverParts;

  constructor(source: PullSource, parts: PullDriverParts) {
    this.#source = source;
    this.#parts = parts;
  }

  async drive({ scope, meter, push }: DriveContext): Promise<void> {
    const { ring, bufferBytes } = this.#parts;
    const wakeOnFailure = scope.onFailure(() => ring.wake());
    try {
      for (;;) {
        const buffer = await this.#freeBuffer(scope, meter);
        const waitedFrom = performance.now();
        const bytes = await this.#read(buffer.subarray(0, bufferBytes), scope.signal);
        meter.sourceWaitMs += performance.now() - waitedFrom;
        scope.throwIfFailed();
        if (bytes === 0) return;
        meter.bytesIn += bytes;
        const busy = push(buffer.subarray(0, bytes));
        if (busy !== undefined) await busy;
        ring.release(buffer);
      }
    } catch (error) {
      throw scope.failure ?? asFailure('SOURCE_FAILED', 'source.read', error);
    } finally {
      wakeOnFailure();
    }
  }

  async release(): Promise<void> {
    await this.#source.close();
  }

  async #freeBuffer(scope: DriveContext['scope'], meter: DriveContext['meter']): Promise<Buffer> {
    const { ring, bufferBytes, sendGathered } = this.#parts;
    for (;;) {
      scope.throwIfFailed();
      const buffer = ring.tryAcquire(bufferBytes);
      if (buffer !== undefined) return buffer;
      sendGathered();
      const waitedFrom = performance.now();
      await ring.whenFree();
      meter.sinkWaitMs += performance.now() - waitedFrom;
    }
  }

  async #read(buffer: Uint8Array, signal: AbortSignal): Promise<number> {
    let filled = 0;
    do {
      const bytes = await this.#source.pull(filled === 0 ? buffer : buffer.subarray(filled), signal);
      if (bytes === 0) break;
      filled += bytes;
    } while (this.#parts.fill && filled < buffer.byteLength && !signal.aborted);
    return filled;
  }
}
