import { setTimeout as delay } from 'node:timers/promises';

import type { FileHandle } from 'node:fs/promises';

import { KeyedLock } from './keyed-lock.js';
import { LeastRecentlyUsed } from './least-recently-used.js';
import { decodeSidecar, encodeSidecar } from './sidecar.js';
import { SpaceReservations } from './space-reservations.js';
import { VersionClock } from './version-clock.js';
import { Writeback, WritebackGate } from './writeback.js';

describe('version clock', () => {
  it('never repeats a time that a file system keeps to the microsecond', () => {
    const clock = new VersionClock();
    const times = Array.from({ length: 10_000 }, () => Math.round(clock.next() * 1_000_000));
    expect(new Set(times).size).toBe(10_000);
    expect(Math.abs((times[0] ?? 0) / 1000 - Date.now())).toBeLessThan(60_000);
  });
});

describe('least recently used', () => {
  it('forgets what was not asked for the longest', () => {
    const cache = new LeastRecentlyUsed<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps nothing where it may hold nothing', () => {
    const cache = new LeastRecentlyUsed<number>(0);
    cache.set('a', 1);
    expect(cache.get('a')).toBeUndefined();
  });
});

describe('keyed lock', () => {
  it('runs one task at a time for a key, in order, also after one has failed', async () => {
    const lock = new KeyedLock();
    const events: string[] = [];
    const task =
      (name: string, fails = false) =>
      async (): Promise<void> => {
        events.push(`${name} begins`);
        await delay(2);
        events.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    await Promise.allSettled([
      lock.run('k', task('first', true)),
      lock.run('k', task('second')),
      lock.run('k', task('third')),
    ]);
    expect(events).toEqual([
      'first begins',
      'first ends',
      'second begins',
      'second ends',
      'third begins',
      'third ends',
    ]);
  });

  it('does not hold up other keys', async () => {
    const lock = new KeyedLock();
    let release = (): void => undefined;
    const held = lock.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    await expect(lock.run('b', () => Promise.resolve('done'))).resolves.toBe('done');
    release();
    await held;
  });
});

describe('space reservations', () => {
  it('leave to others what is written or given back', () => {
    const reservations = new SpaceReservations();
    const first = reservations.reserve(600, 1000);
    expect(() => reservations.reserve(401, 1000)).toThrow(expect.objectContaining({ code: 'NO_SPACE' }) as Error);
    first.written(200);
    expect(reservations.reservedBytes).toBe(400);
    // The file system knows of the 200 by now.
    const second = reservations.reserve(400, 800);
    first.written(10_000);
    first.written(1);
    first.release();
    expect(reservations.reservedBytes).toBe(400);
    second.release();
    second.release();
    expect(reservations.reservedBytes).toBe(0);
  });
});

describe('writeback', () => {
  const fileOf = (datasync: () => Promise<void>): FileHandle => ({ datasync }) as unknown as FileHandle;

  it('runs each time that enough bytes have come, one at a time', async () => {
    const ends: (() => void)[] = [];
    const file = fileOf(() => new Promise<void>((resolve) => void ends.push(resolve)));
    const gate = new WritebackGate();
    const writeback = new Writeback(file, gate, 100);
    const other = new Writeback(file, gate, 100);
    writeback.written(99);
    expect(ends).toHaveLength(0);
    writeback.written(1);
    writeback.written(500);
    other.written(500);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await writeback.settled();
    writeback.written(0);
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await writeback.settled();
  });

  it('fails what comes after a failure, for good', async () => {
    const file = fileOf(() => Promise.reject(new Error('lost')));
    const writeback = new Writeback(file, new WritebackGate(), 100);
    writeback.written(100);
    await expect(writeback.settled()).rejects.toThrow('lost');
    expect(() => writeback.written(1)).toThrow('lost');
    await expect(writeback.settled()).rejects.toThrow('lost');
  });

  it('does nothing where it is switched off', async () => {
    const file = fileOf(() => Promise.reject(new Error('not to be called')));
    const writeback = new Writeback(file, new WritebackGate(), 0);
    writeback.written(1_000_000);
    await writeback.settled();
  });
});

describe('sidecar', () => {
  const sidecar = { key: 'a', size: 3, etag: 'e', digests: { sha256: 'ff' }, contentType: 'a/b', metadata: { m: 'é' } };

  it('reads what it has written', () => {
    expect(decodeSidecar(encodeSidecar(sidecar))).toEqual(sidecar);
  });

  it.each([
    '',
    '{"format":1',
    'null',
    '[]',
    '{}',
    '{"format":2,"key":"a","size":3,"etag":"e","digests":{},"metadata":{}}',
    '{"format":1,"key":"a","size":"3","etag":"e","digests":{},"metadata":{}}',
    '{"format":1,"key":"a","size":3,"etag":"e","digests":{"md5":1},"metadata":{}}',
    '{"format":1,"key":"a","size":3,"etag":"e","digests":{},"metadata":[]}',
  ])('takes %j for none', (text) => {
    expect(decodeSidecar(text)).toBeUndefined();
  });
});
