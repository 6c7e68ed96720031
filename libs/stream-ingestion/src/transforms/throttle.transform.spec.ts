import { getEventListeners } from 'node:events';

import fc from 'fast-check';

import type { ByteTransform } from '../contracts/index.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';
import { ManualClock } from './spec-support/manual-clock.js';
import { throttle } from './throttle.transform.js';
import { TokenBucket } from './token-bucket.js';

describe('throttle', () => {
  it('passes bytes on unchanged, in slices of half the burst, at the rate', async () => {
    const clock = new ManualClock();
    const transform = throttle({ bytesPerSecond: 1000, burstBytes: 100, clock });
    const seen: [number, number][] = [];
    const emit = (slice: Uint8Array): void => void seen.push([clock.nowMs(), slice.byteLength]);
    await clock.runUntil(Promise.resolve(transform.transform(sampleBytes(230), emit, new AbortController().signal)));
    expect(seen).toEqual([
      [0, 50],
      [0, 50],
      [50, 50],
      [100, 50],
      [130, 30],
    ]);
    expect(transform.result?.()).toEqual({ facts: { waitedMs: 130 } });
  });

  it('changes nothing, whatever the chunks and the burst', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(400), { maxLength: 5 }),
        fc.integer({ min: 1, max: 300 }),
        async (sizes, burstBytes) => {
          const clock = new ManualClock();
          const bytes = sampleBytes(600);
          const driving = drive(throttle({ bytesPerSecond: 5000, burstBytes, clock }), cut(bytes, sizes));
          await clock.runUntil(driving);
          const { bytes: out, pieces } = await driving;
          expect(out.equals(bytes)).toBe(true);
          expect(Math.max(...pieces.map((piece) => piece.byteLength))).toBeLessThanOrEqual(burstBytes);
          expect(clock.nowMs()).toBeGreaterThanOrEqual(((600 - burstBytes) * 1000) / 5000 - 1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('loses no throughput to timers that fire late', async () => {
    const clock = new ManualClock();
    const transform = throttle({ bytesPerSecond: 100_000, burstBytes: 10_000, clock });
    const running = transform.transform(sampleBytes(110_000), () => undefined, new AbortController().signal);
    await clock.runUntil(Promise.resolve(running), 20);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(1000);
    expect(clock.nowMs()).toBeLessThanOrEqual(1020);
  });

  it('lets transfers that share a bucket take turns', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ bytesPerSecond: 1000, burstBytes: 20, clock });
    const turns: string[] = [];
    const send = async (who: string, transform: ByteTransform): Promise<void> => {
      await transform.transform(sampleBytes(40), () => void turns.push(who), new AbortController().signal);
    };
    await clock.runUntil(
      Promise.all([send('a', throttle({ bucket })), send('b', throttle({ bucket })), send('c', throttle({ bucket }))]),
    );
    expect(turns.join('')).toBe('abcabcabcabc');
    expect(clock.nowMs()).toBe(100);
  });

  it('follows the rate of its bucket while it runs', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ bytesPerSecond: 10, burstBytes: 2, clock });
    const running = throttle({ bucket }).transform(sampleBytes(1002), () => undefined, new AbortController().signal);
    await clock.advance(100);
    bucket.setRate({ bytesPerSecond: 1001, burstBytes: 100 });
    await clock.runUntil(Promise.resolve(running));
    expect(clock.nowMs()).toBeGreaterThanOrEqual(1090);
    expect(clock.nowMs()).toBeLessThanOrEqual(1110);
  });

  describe('that waits', () => {
    function waiting() {
      const clock = new ManualClock();
      const bucket = new TokenBucket({ bytesPerSecond: 1, burstBytes: 10, clock });
      const transform = throttle({ bucket });
      const abort = new AbortController();
      const failure = failureOf(transform.transform(sampleBytes(100), () => undefined, abort.signal));
      return { clock, bucket, transform, abort, failure };
    }

    it('settles when it is destroyed, and waits no more', async () => {
      const { clock, bucket, transform, abort, failure } = waiting();
      await clock.advance(0);
      expect(bucket.waiting).toBe(1);
      transform.destroy?.(new Error('over'));
      expect(await failure).toMatchObject({ code: 'ABORTED', cause: { message: 'over' } });
      expect([bucket.waiting, clock.pendingTimers]).toEqual([0, 0]);
      expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    });

    it('settles when the signal fires, and waits no more', async () => {
      const { clock, bucket, abort, failure } = waiting();
      await clock.advance(0);
      abort.abort(new Error('gone'));
      expect(await failure).toMatchObject({ code: 'ABORTED', cause: { message: 'gone' } });
      expect([bucket.waiting, clock.pendingTimers]).toEqual([0, 0]);
    });
  });

  it('takes no more once destroyed', async () => {
    const transform = throttle({ bytesPerSecond: 1000 });
    transform.destroy?.();
    const running = transform.transform(sampleBytes(1), () => undefined, new AbortController().signal);
    expect(await failureOf(running)).toMatchObject({ code: 'ABORTED' });
  });

  it('refuses what is no bucket, and rates out of bounds', () => {
    expect(thrownBy(() => throttle({ bucket: {} as TokenBucket }))).toMatchObject({
      code: 'INVALID_OPTION',
      message: 'throttle: bucket must be a TokenBucket, got object',
    });
    expect(thrownBy(() => throttle({ bytesPerSecond: 0 }))).toMatchObject({ code: 'INVALID_OPTION' });
  });
});
