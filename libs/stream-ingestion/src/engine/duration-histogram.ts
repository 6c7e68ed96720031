import type { WriteDurations } from '../contracts/index.js';

const BUCKETS_PER_DOUBLING = 10;
const SMALLEST_MS = 0.001;
// 2^32 microseconds is over an hour: longer writes share the last bucket.
const BUCKETS = 32 * BUCKETS_PER_DOUBLING;

/** Durations in buckets that grow by 2^(1/10), so that a percentile is within 7 %; fixed memory, made on first use. */
export class DurationHistogram {
  #buckets: Uint32Array | undefined;
  #count = 0;
  #sumMs = 0;
  #minMs = Infinity;
  #maxMs = 0;

  record(durationMs: number): void {
    const buckets = (this.#buckets ??= new Uint32Array(BUCKETS));
    const index = Math.floor(Math.log2(Math.max(durationMs, SMALLEST_MS) / SMALLEST_MS) * BUCKETS_PER_DOUBLING);
    const bucket = Math.min(index, BUCKETS - 1);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += durationMs;
    if (durationMs < this.#minMs) this.#minMs = durationMs;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  summary(): WriteDurations {
    if (this.#count === 0) return { count: 0, minMs: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 };
    return {
      count: this.#count,
      minMs: this.#minMs,
      meanMs: this.#sumMs / this.#count,
      p50Ms: this.#percentile(0.5),
      p90Ms: this.#percentile(0.9),
      p99Ms: this.#percentile(0.99),
      maxMs: this.#maxMs,
    };
  }

  #percentile(share: number): number {
    const rank = Math.ceil(share * this.#count);
    let seen = 0;
    for (const [bucket, count] of (this.#buckets ?? []).entries()) {
      seen += count;
      if (seen >= rank) {
        const upperMs = SMALLEST_MS * 2 ** ((bucket + 1) / BUCKETS_PER_DOUBLING);
        return Math.min(Math.max(upperMs, this.#minMs), this.#maxMs);
      }
    }
    return this.#maxMs;
  }
}
