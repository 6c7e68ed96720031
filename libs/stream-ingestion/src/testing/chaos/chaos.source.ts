import type { PullSource } from '../../contracts/index.js';
import { ChaosError, pause, requireCount } from './chaos-plan.js';

export interface ChaosSourceOptions {
  /** Fails once so many bytes were given. Default: never. */
  readonly failAt?: number;
  /** Wait before every pull, in milliseconds. Default: 0. */
  readonly delayMs?: number;
  /** Gives at most so many bytes at once, 1 or more. Default: as many as asked for. */
  readonly atMostBytes?: number;
  /** Called before each pull with the bytes given so far, and awaited. */
  readonly onPull?: (givenBytes: number) => Promise<void> | void;
  /** Default: a {@link ChaosError}. */
  readonly error?: unknown;
}

/** A pull source that hands on another one's bytes, slowly, in small pieces, and fails where it was told to. */
export function chaosSource(inner: PullSource, options: ChaosSourceOptions): PullSource {
  const { failAt = Number.MAX_SAFE_INTEGER, delayMs = 0, atMostBytes = Number.MAX_SAFE_INTEGER } = options;
  requireCount('failAt', failAt);
  requireCount('delayMs', delayMs);
  requireCount('atMostBytes', atMostBytes);
  let givenBytes = 0;
  return {
    async pull(buffer: Uint8Array, signal: AbortSignal): Promise<number> {
      await options.onPull?.(givenBytes);
      await pause(delayMs, signal);
      if (givenBytes >= failAt) throw options.error ?? new ChaosError('pull');
      const bytes = await inner.pull(buffer.subarray(0, Math.min(atMostBytes, failAt - givenBytes)), signal);
      givenBytes += bytes;
      return bytes;
    },
    close: () => inner.close(),
  };
}
