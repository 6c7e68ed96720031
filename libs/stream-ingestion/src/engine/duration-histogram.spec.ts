import { DurationHistogram } from './duration-histogram.js';

describe('DurationHistogram', () => {
  it('is all zero before the first record', () => {
    expect(new DurationHistogram().summary()).toEqual({
      count: 0,
      minMs: 0,
      meanMs: 0,
      p50Ms: 0,
      p90Ms: 0,
      p99Ms: 0,
      maxMs: 0,
    });
  });

  it('keeps count, mean and extremes exactly and percentiles within 8 %', () => {
    const histogram = new DurationHistogram();
    for (let ms = 1; ms <= 1000; ms += 1) histogram.record(ms);
    const summary = histogram.summary();

    expect(summary).toMatchObject({ count: 1000, minMs: 1, meanMs: 500.5, maxMs: 1000 });
    expect(Math.abs(summary.p50Ms / 500 - 1)).toBeLessThan(0.08);
    expect(Math.abs(summary.p90Ms / 900 - 1)).toBeLessThan(0.08);
    expect(Math.abs(summary.p99Ms / 990 - 1)).toBeLessThan(0.08);
  });

  it('takes durations below and above its buckets', () => {
    const histogram = new DurationHistogram();
    histogram.record(0);
    histogram.record(1e9);
    expect(histogram.summary()).toMatchObject({ count: 2, minMs: 0, maxMs: 1e9 });
  });
});
