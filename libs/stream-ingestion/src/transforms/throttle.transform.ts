import type { ByteTransform, Emit, TransformResult } from '../contracts/index.js';
import type { Clock } from './clock.js';
import { refuseOption } from './option-checks.js';
import { StopSwitch } from './stop-switch.js';
import { TokenBucket, type TokenBucketOptions } from './token-bucket.js';

export interface SharedThrottleOptions {
  /** Shared with the other throttles that were given it. */
  readonly bucket: TokenBucket;
}

/**
 * Passes bytes on unchanged, no faster than its token bucket grants them: a bucket of its own, or one shared with other
 * transfers. Two in one chain obey both limits, such as one of the process and one of the client.
 *
 * A chunk is passed on in slices of half the burst (so that a timer that fires late costs no throughput), each as soon
 * as it is granted. Transfers that share a bucket take turns, slice by slice.
 *
 * Errors: INVALID_OPTION at construction; ABORTED while it waits, when the transfer ends. The report's `waitedMs` is
 * how long it held the transfer back.
 */
export function throttle(options: TokenBucketOptions | SharedThrottleOptions): ByteTransform {
  if (!('bucket' in options)) return new ThrottleTransform(new TokenBucket(options));
  if (options.bucket instanceof TokenBucket) return new ThrottleTransform(options.bucket);
  return refuseOption('throttle', 'bucket', 'a TokenBucket', options.bucket);
}

class ThrottleTransform implements ByteTransform {
  readonly name = 'throttle';
  readonly #bucket: TokenBucket;
  readonly #stop = new StopSwitch('throttle.transform');
  #waitedMs = 0;

  constructor(bucket: TokenBucket) {
    this.#bucket = bucket;
  }

  transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#stop.follow(signal, () => this.#passOn(chunk, emit));
  }

  result(): TransformResult {
    return { facts: { waitedMs: Math.round(this.#waitedMs) } };
  }

  destroy(reason?: unknown): void {
    this.#stop.stop(reason);
  }

  async #passOn(chunk: Uint8Array, emit: Emit): Promise<void> {
    const clock: Clock = this.#bucket.clock;
    let offset = 0;
    while (offset < chunk.byteLength) {
      const end = Math.min(chunk.byteLength, offset + Math.max(1, Math.floor(this.#bucket.burstBytes / 2)));
      const askedAtMs = clock.nowMs();
      await this.#bucket.take(end - offset, this.#stop.signal);
      this.#waitedMs += clock.nowMs() - askedAtMs;
      await emit(chunk.subarray(offset, end));
      offset = end;
    }
  }
}
