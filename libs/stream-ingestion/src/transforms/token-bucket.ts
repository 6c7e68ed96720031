import type { StreamIngestionError } from '../contracts/index.js';
import { systemClock, type Clock } from './clock.js';
import { requireInteger } from './option-checks.js';
import { asAborted } from './stop-switch.js';

// Absorbs what adding fractions of a token costs in precision; a millionth of a byte.
const ROUNDING = 1e-6;
// Longer waits are slept in pieces: setTimeout takes no more than 2^31 - 1 ms.
const LONGEST_TIMER_MS = 60_000;
const BURSTS_PER_SECOND = 10;

export interface TokenBucketRate {
  /** Bytes that flow in over time, 1 or more. */
  readonly bytesPerSecond: number;
  /**
   * Most bytes that may go at once after a pause, 1 or more. Below what flows in within a few milliseconds the rate is
   * not reached, since timers are not finer. Default: what flows in within a tenth of a second.
   */
  readonly burstBytes?: number;
}

export interface TokenBucketOptions extends TokenBucketRate {
  /** Default: the monotonic clock of the process. */
  readonly clock?: Clock;
}

interface Waiter {
  readonly bytes: number;
  readonly grant: () => void;
}

/**
 * A byte rate that any number of takers share: one for the process, one for a client. It starts full. Over any span
 * of time no more is granted than the burst and what flowed in meanwhile; a single taking larger than the burst goes
 * when the bucket is full, and is paid for afterwards by whoever comes next.
 *
 * Takers are served strictly in the order in which they came; a small taking never overtakes a large one.
 */
export class TokenBucket {
  readonly clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #bytesPerSecond: number;
  #burstBytes: number;
  #tokens: number;
  #refilledAtMs: number;
  #cancelTimer: (() => void) | undefined;

  /** @throws INVALID_OPTION for a rate or burst out of its bounds. */
  constructor(options: TokenBucketOptions) {
    const { bytesPerSecond, burstBytes } = resolveRate(options);
    this.clock = options.clock ?? systemClock;
    this.#bytesPerSecond = bytesPerSecond;
    this.#burstBytes = burstBytes;
    this.#tokens = burstBytes;
    this.#refilledAtMs = this.clock.nowMs();
  }

  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  get burstBytes(): number {
    return this.#burstBytes;
  }

  /** How many takers wait. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /**
   * From now on at another rate, also for those who wait. What is in the bucket stays, as far as the new burst holds it.
   *
   * @throws INVALID_OPTION for a rate or burst out of its bounds; nothing has changed then.
   */
  setRate(rate: TokenBucketRate): void {
    const { bytesPerSecond, burstBytes } = resolveRate(rate);
    this.#refill();
    this.#bytesPerSecond = bytesPerSecond;
    this.#burstBytes = burstBytes;
    this.#serve();
  }

  /**
   * Resolves when `bytes` may go. Takers may call it concurrently. One that is aborted while it waits has taken nothing.
   *
   * Errors: INVALID_OPTION where `bytes` is no integer of 0 or more; ABORTED, or the signal's reason where that is a
   * StreamIngestionError.
   */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    requireInteger('TokenBucket.take', 'bytes', bytes, 0);
    if (signal?.aborted) throw asAborted('tokenBucket.take', signal.reason);
    if (bytes === 0) return;
    this.#refill();
    if (this.#waiters.size === 0 && this.#missingTokens(bytes) === 0) {
      this.#tokens -= bytes;
      return;
    }
    await this.#wait(bytes, signal);
  }

  #wait(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject: (error: StreamIngestionError) => void) => {
      const waiter: Waiter = {
        bytes,
        grant: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#waiters.delete(waiter);
        this.#serve();
        reject(asAborted('tokenBucket.take', signal?.reason));
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.add(waiter);
      if (this.#waiters.size === 1) this.#serve();
    });
  }

  /** Grants whatever can be granted now and sets the timer for the first that cannot. */
  #serve(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#refill();
    for (const waiter of this.#waiters) {
      const missing = this.#missingTokens(waiter.bytes);
      if (missing > 0) {
        const delayMs = Math.ceil((missing * 1000) / this.#bytesPerSecond);
        this.#cancelTimer = this.clock.setTimer(() => this.#serve(), Math.min(delayMs, LONGEST_TIMER_MS));
        return;
      }
      this.#tokens -= waiter.bytes;
      this.#waiters.delete(waiter);
      waiter.grant();
    }
  }

  #missingTokens(bytes: number): number {
    const missing = Math.min(bytes, this.#burstBytes) - this.#tokens;
    return missing > ROUNDING ? missing : 0;
  }

  #refill(): void {
    const nowMs = this.clock.nowMs();
    const flowedIn = ((nowMs - this.#refilledAtMs) * this.#bytesPerSecond) / 1000;
    this.#tokens = Math.min(this.#burstBytes, this.#tokens + flowedIn);
    this.#refilledAtMs = nowMs;
  }
}

function resolveRate(rate: TokenBucketRate): { bytesPerSecond: number; burstBytes: number } {
  const bytesPerSecond = requireInteger('TokenBucket', 'bytesPerSecond', rate.bytesPerSecond, 1);
  const burstBytes = rate.burstBytes ?? Math.ceil(bytesPerSecond / BURSTS_PER_SECOND);
  return { bytesPerSecond, burstBytes: requireInteger('TokenBucket', 'burstBytes', burstBytes, 1) };
}
