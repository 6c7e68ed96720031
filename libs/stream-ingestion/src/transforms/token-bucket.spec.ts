import { getEventListeners } from 'node:events';

import fc from 'fast-check';

import { failureOf, thrownBy } from './spec-support/drive-transform.js';
import { ManualClock } from './spec-support/manual-clock.js';
import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  function bucketOf(bytesPerSecond: number, burstBytes: number) {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ bytesPerSecond, burstBytes, clock });
    const granted: [string, number][] = [];
    const take = (who: string, bytes: number, signal?: AbortSignal): Promise<void> =>
      bucket.take(bytes, signal).then(() => void granted.push([who, clock.nowMs()]));
    return { clock, bucket, granted, take };
  }

  it('starts full, and then grants as fast as bytes flow in', async () => {
    const { clock, granted, take } = bucketOf(1000, 100);
    void take('burst', 100);
    void take('next', 50);
    await clock.advance(50);
    expect(granted).toEqual([
      ['burst', 0],
      ['next', 50],
    ]);
  });

  it('does not gather more than the burst in a pause', async () => {
    const { clock, granted, take } = bucketOf(1000, 100);
    await clock.advance(60_000);
    void take('burst', 100);
    void take('next', 10);
    await clock.advance(10);
    expect(granted).toEqual([
      ['burst', 60_000],
      ['next', 60_010],
    ]);
  });

  it('grants more than the burst when it is full, to be paid for afterwards', async () => {
    const { clock, granted, take } = bucketOf(1000, 100);
    void take('first', 50);
    void take('huge', 1000);
    void take('next', 1);
    await clock.advance(2000);
    expect(granted).toEqual([
      ['first', 0],
      ['huge', 50],
      ['next', 951],
    ]);
  });

  it('serves in the order of arrival: a small taking does not overtake a large one', async () => {
    const { clock, granted, take } = bucketOf(1000, 100);
    void take('empty it', 90);
    void take('large', 100);
    void take('small', 1);
    await clock.advance(1000);
    expect(granted).toEqual([
      ['empty it', 0],
      ['large', 90],
      ['small', 91],
    ]);
  });

  it('lets one go that is aborted while it waits, and serves the next in its place', async () => {
    const { clock, bucket, granted, take } = bucketOf(1000, 100);
    const abort = new AbortController();
    void take('empty it', 100);
    const leaving = failureOf(take('leaves', 100, abort.signal));
    void take('stays', 10);
    await clock.advance(5);
    const reason = new Error('client went away');
    abort.abort(reason);
    expect(await leaving).toMatchObject({ code: 'ABORTED', cause: reason });
    await clock.advance(5);
    expect(granted).toEqual([
      ['empty it', 0],
      ['stays', 10],
    ]);
    expect(bucket.waiting).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  it('leaves no listener behind on the signal of a taker that was served', async () => {
    const { clock, take } = bucketOf(1000, 100);
    const { signal } = new AbortController();
    const both = Promise.all([take('a', 100, signal), take('b', 100, signal)]);
    await clock.runUntil(both);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('does not take with a signal that has fired', async () => {
    const { bucket } = bucketOf(1000, 100);
    expect(await failureOf(bucket.take(1, AbortSignal.abort()))).toMatchObject({ code: 'ABORTED' });
    await bucket.take(100);
    expect(bucket.waiting).toBe(0);
  });

  it('changes its rate for those who wait too', async () => {
    const { clock, bucket, granted, take } = bucketOf(1000, 100);
    void take('empty it', 100);
    void take('waits', 100);
    await clock.advance(50);
    bucket.setRate({ bytesPerSecond: 10_000, burstBytes: 200 });
    await clock.advance(5);
    void take('after', 200);
    await clock.advance(20);
    expect(granted).toEqual([
      ['empty it', 0],
      ['waits', 55],
      ['after', 75],
    ]);
    expect([bucket.bytesPerSecond, bucket.burstBytes]).toEqual([10_000, 200]);
  });

  it('keeps no more than a smaller burst holds', async () => {
    const { clock, bucket, granted, take } = bucketOf(1000, 100);
    bucket.setRate({ bytesPerSecond: 1000, burstBytes: 10 });
    void take('burst', 10);
    void take('next', 10);
    await clock.advance(10);
    expect(granted).toEqual([
      ['burst', 0],
      ['next', 10],
    ]);
  });

  it('has a burst of a tenth of a second where none is given', () => {
    expect(new TokenBucket({ bytesPerSecond: 1_000_000 }).burstBytes).toBe(100_000);
    expect(new TokenBucket({ bytesPerSecond: 1 }).burstBytes).toBe(1);
  });

  it('waits for longer than a timer can', async () => {
    const { clock, granted, take } = bucketOf(1, 10_000_000);
    void take('empty it', 10_000_000);
    const patient = take('patient', 3_000_000);
    await clock.runUntil(patient);
    expect(granted[1]).toEqual(['patient', 3_000_000_000]);
  });

  it('never grants more within any span than the burst and what flowed in, and never idles', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
        async (bytesPerSecond, burstBytes, fractions) => {
          const { clock, bucket } = bucketOf(bytesPerSecond, burstBytes);
          const grants: { atMs: number; bytes: number }[] = [];
          const all = fractions.map(async (fraction) => {
            const bytes = Math.ceil(fraction * burstBytes);
            await bucket.take(bytes);
            grants.push({ atMs: clock.nowMs(), bytes });
          });
          await clock.runUntil(Promise.all(all));
          for (let from = 0; from < grants.length; from += 1) {
            let bytes = 0;
            for (const grant of grants.slice(from)) {
              bytes += grant.bytes;
              const spanMs = grant.atMs - (grants[from]?.atMs ?? 0);
              expect(bytes).toBeLessThanOrEqual(burstBytes + (spanMs * bytesPerSecond) / 1000 + 0.01);
            }
          }
          const total = grants.reduce((sum, { bytes }) => sum + bytes, 0);
          const neededMs = (Math.max(0, total - burstBytes) * 1000) / bytesPerSecond;
          expect(clock.nowMs()).toBeLessThanOrEqual(neededMs + 1 + grants.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds to the rate by the clock of the process', async () => {
    const bucket = new TokenBucket({ bytesPerSecond: 100_000, burstBytes: 1000 });
    const startedAt = performance.now();
    for (let turn = 0; turn < 6; turn += 1) await bucket.take(1000);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(50 - 0.01);
  });

  it.each([
    [{ bytesPerSecond: 0 }, 'TokenBucket: bytesPerSecond must be an integer of 1 or more, got 0'],
    [{ bytesPerSecond: Infinity }, 'TokenBucket: bytesPerSecond must be an integer of 1 or more, got Infinity'],
    [{ bytesPerSecond: 10, burstBytes: 0 }, 'TokenBucket: burstBytes must be an integer of 1 or more, got 0'],
  ])('refuses %j, at construction and later', (rate, message) => {
    const invalid = { code: 'INVALID_OPTION', message };
    expect(thrownBy(() => new TokenBucket(rate))).toMatchObject(invalid);
    const { bucket } = bucketOf(1000, 100);
    expect(thrownBy(() => bucket.setRate(rate))).toMatchObject(invalid);
    expect(bucket.bytesPerSecond).toBe(1000);
  });

  it('refuses to take what is no number of bytes', async () => {
    const { bucket } = bucketOf(1000, 100);
    expect(await failureOf(bucket.take(Number.NaN))).toMatchObject({ code: 'INVALID_OPTION' });
  });
});
