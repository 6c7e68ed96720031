import type { ByteTransform, Emit } from '../contracts/index.js';
import { systemClock, type Clock } from './clock.js';
import { refuseOption, requireInteger } from './option-checks.js';

const DEFAULT_EVERY_MS = 250;

export interface ProgressEvent {
  /** Bytes that were handed on. */
  readonly bytes: number;
  /** As announced, where it was. */
  readonly totalBytes?: number;
  /** Since the first byte arrived. */
  readonly elapsedMs: number;
  /** Average since the first byte; 0 until time has passed. */
  readonly bytesPerSecond: number;
  /** True in the last call, and only there. */
  readonly done: boolean;
}

export interface ProgressOptions {
  /** Must not throw: what it throws is ignored. Not awaited. */
  readonly onProgress: (event: ProgressEvent) => void;
  /** Fewest bytes between two calls, 1 or more. Default: any. */
  readonly everyBytes?: number;
  /** Least time between two calls, 0 or more. Default: 250 where `everyBytes` is not given, else 0. */
  readonly everyMs?: number;
  /** Repeated in every event, for whoever shows a percentage. 0 or more. */
  readonly totalBytes?: number;
  /** Default: the monotonic clock of the process. */
  readonly clock?: Clock;
}

/**
 * Passes bytes on unchanged and says how many they were: after a chunk where both `everyBytes` and `everyMs` have
 * passed since the call before, and once at the end of a stream that came through whole. A stalled transfer makes no
 * calls, and neither does one that failed.
 *
 * Errors: INVALID_OPTION at construction.
 */
export function progress(options: ProgressOptions): ByteTransform {
  const { onProgress, everyBytes, everyMs, totalBytes } = options;
  if (typeof onProgress !== 'function') refuseOption('progress', 'onProgress', 'a function', onProgress);
  if (totalBytes !== undefined) requireInteger('progress', 'totalBytes', totalBytes, 0);
  return new ProgressTransform({
    onProgress,
    everyBytes: requireInteger('progress', 'everyBytes', everyBytes ?? 1, 1),
    everyMs: requireInteger('progress', 'everyMs', everyMs ?? (everyBytes === undefined ? DEFAULT_EVERY_MS : 0), 0),
    totalBytes,
    clock: options.clock ?? systemClock,
  });
}

interface ResolvedProgressOptions {
  readonly onProgress: (event: ProgressEvent) => void;
  readonly everyBytes: number;
  readonly everyMs: number;
  readonly totalBytes: number | undefined;
  readonly clock: Clock;
}

class ProgressTransform implements ByteTransform {
  readonly name = 'progress';
  readonly #options: ResolvedProgressOptions;
  #bytes = 0;
  #startedAtMs: number | undefined;
  #toldBytes = 0;
  #toldAtMs = 0;

  constructor(options: ResolvedProgressOptions) {
    this.#options = options;
  }

  transform(chunk: Uint8Array, emit: Emit): Promise<void> | void {
    if (this.#startedAtMs === undefined) {
      this.#startedAtMs = this.#options.clock.nowMs();
      this.#toldAtMs = this.#startedAtMs;
    }
    const handedOn = emit(chunk);
    if (handedOn === undefined) return this.#count(chunk.byteLength);
    return handedOn.then(() => this.#count(chunk.byteLength));
  }

  flush(): void {
    this.#tell(this.#options.clock.nowMs(), true);
  }

  #count(bytes: number): void {
    const { everyBytes, everyMs, clock } = this.#options;
    this.#bytes += bytes;
    if (this.#bytes - this.#toldBytes < everyBytes) return;
    const nowMs = clock.nowMs();
    if (nowMs - this.#toldAtMs >= everyMs) this.#tell(nowMs, false);
  }

  #tell(nowMs: number, done: boolean): void {
    const { onProgress, totalBytes } = this.#options;
    const elapsedMs = nowMs - (this.#startedAtMs ?? nowMs);
    this.#toldBytes = this.#bytes;
    this.#toldAtMs = nowMs;
    try {
      onProgress({
        bytes: this.#bytes,
        ...(totalBytes === undefined ? {} : { totalBytes }),
        elapsedMs,
        bytesPerSecond: elapsedMs > 0 ? Math.round((this.#bytes * 1000) / elapsedMs) : 0,
        done,
      });
    } catch {
      // Watching a transfer never breaks it, as with every other observer.
    }
  }
}
