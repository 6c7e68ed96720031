import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { Transform } from '../contracts/index.js';
import { ingestStream } from '../engine/index.js';
import { RecordingSink, patternSource } from '../testing/index.js';
import { failureOf, sampleBytes } from '../transforms/spec-support/drive-transform.js';
import type { TransformDeclaration } from './declaration.js';
import { misbehaving, usePools } from './spec-support/thread-entry.js';
import type { TransformWorkerPool } from './transform-worker-pool.js';
import type { WorkerPoolOptions } from './worker-pool.options.js';

const NEIGHBOURS = 1000;

const ingest = async (bytes: Uint8Array, transform: Transform, signal?: AbortSignal): Promise<Buffer> => {
  const options = { transforms: [transform], ...(signal === undefined ? {} : { signal }) };
  return (await ingestStream([bytes], new RecordingSink(), options)).result.bytes;
};

/** Whether a small transfer came through unharmed: one in two on the shared threads, the others each on its own. */
async function isUnharmed(pool: TransformWorkerPool, index: number): Promise<boolean> {
  const bytes = sampleBytes(1000 + index, index);
  if (index % 2 === 0) return gunzipSync(await ingest(bytes, pool.offload('gzip'))).equals(bytes);
  return (await ingest(bytes, pool.offload(misbehaving('default')))).equals(bytes);
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('a worker that fails', () => {
  const newPool = usePools();

  it.each<[string, TransformDeclaration, WorkerPoolOptions, string, number]>([
    ['is ended', misbehaving('exitWith', { exitCode: 137 }), {}, 'its worker thread ended before', 1],
    ['exits with 0', misbehaving('exitWith', { exitCode: 0 }), {}, 'before it was done: exit code 0', 1],
    ['throws where nobody catches', misbehaving('throwLater'), {}, 'before it was done: nobody catches this', 1],
    ['runs out of memory', misbehaving('eatMemory'), {}, 'its worker thread ran out of memory before', 1],
    ['never answers', misbehaving('neverAnswer'), { hangTimeoutMs: 10_000 }, 'no sign of it for 10000 ms', 1],
    ['spins', misbehaving('spin'), { hangTimeoutMs: 10_000 }, 'no sign of it for 10000 ms', 1],
    [
      'throws at chunk 3',
      misbehaving('throwAt', { call: 3 }),
      {},
      'transform misbehaving failed: chunk 3 is refused',
      0,
    ],
  ])(
    'since it %s fails its transfer alone, with 1,000 others unharmed',
    async (_what, declaration, options, message, restarts) => {
      const pool = newPool({
        ownThreads: 3,
        queueLimit: NEIGHBOURS,
        unitBytes: 16_384,
        resourceLimits: { maxOldGenerationSizeMb: 48 },
        ...options,
      });
      const sink = new RecordingSink();
      const failing = failureOf(
        ingestStream(patternSource(1_000_000), sink, { transforms: [pool.offload(declaration)], unitBytes: 16_384 }),
      );
      const neighbours = Array.from({ length: NEIGHBOURS }, (_, index) => isUnharmed(pool, index));

      expect(await failing).toMatchObject({
        code: 'TRANSFORM_FAILED',
        message: expect.stringContaining(message),
        cause: expect.objectContaining({ message: expect.any(String) }),
      });
      expect(sink.calls.at(-1)).toBe('abort');
      expect(new Set(await Promise.all(neighbours))).toEqual(new Set([true]));
      await until(() => pool.metrics().activeSessions === 0);
      expect(pool.metrics()).toMatchObject({ restarts, sessionsFailed: 1, sessionsOpened: NEIGHBOURS + 1 });
    },
    120_000,
  );

  it('is replaced: the next transfer gets another thread', async () => {
    const pool = newPool({ ownThreads: 1 });
    const failing = failureOf(ingest(sampleBytes(10), pool.offload(misbehaving('exitWith', { exitCode: 0 }))));
    const waiting = ingest(Buffer.from('hello'), pool.offload(misbehaving('default')));

    expect(await failing).toMatchObject({ code: 'TRANSFORM_FAILED', context: { exitCode: 0, isolation: 'own' } });
    expect((await waiting).toString()).toBe('hello');
    expect(pool.metrics()).toMatchObject({ restarts: 1, waits: { count: 2 } });
  });

  it('names the error of a transform as its cause, with its code', async () => {
    const failing = failureOf(ingest(Buffer.from('x'), newPool().offload(misbehaving('throwAt', { call: 1 }))));

    expect(await failing).toMatchObject({
      cause: { name: 'RangeError', message: 'chunk 1 is refused', code: 'E_REFUSED' },
    });
  });

  it('is not suspected while it is the sink that is slow', async () => {
    const pool = newPool({ hangTimeoutMs: 200, unitBytes: 4096, windowBytes: 8192 });
    const slowSink = {
      preferredUnitBytes: 4096,
      write: () => new Promise<void>((resolve) => setTimeout(resolve, 700)),
      finalize: () => 'done',
      abort: () => undefined,
    };

    const report = await ingestStream([Buffer.alloc(20_000)], slowSink, {
      transforms: [pool.offload(misbehaving('default'))],
    });

    expect(report.result).toBe('done');
  });
});

describe('an aborted transfer', () => {
  const newPool = usePools();

  it.each(['neverAnswer', 'spin'])('ends a module that does not let go (%s), and its thread', async (exportName) => {
    const pool = newPool({ ownThreads: 1, abortGraceMs: 100 });
    const controller = new AbortController();
    const begun = join(await mkdtemp(join(tmpdir(), 'worker-')), 'begun');
    const stuck = pool.offload(misbehaving(exportName, { begun }));
    const aborted = failureOf(ingest(sampleBytes(10), stuck, controller.signal));
    const next = ingest(Buffer.from('hello'), pool.offload(misbehaving('default')));
    await until(() => existsSync(begun));
    await rm(dirname(begun), { recursive: true });

    controller.abort(new Error('the client went away'));

    expect(await aborted).toMatchObject({ code: 'ABORTED', cause: new Error('the client went away') });
    expect((await next).toString()).toBe('hello');
    expect(pool.metrics()).toMatchObject({ restarts: 1, activeSessions: 0 });
  });

  it('leaves a shared thread to the others, and nothing on it', async () => {
    const pool = newPool({ sharedThreads: 1 });
    const controller = new AbortController();
    const aborted = failureOf(
      ingestStream(patternSource(2 ** 40), new RecordingSink(2 ** 20), {
        transforms: [pool.offload({ name: 'gzip', options: { level: 9 } })],
        signal: controller.signal,
      }),
    );
    await until(() => pool.metrics().bytesOut > 100_000);
    const other = ingest(sampleBytes(500_000), pool.offload('gzip'));

    controller.abort();

    expect(await aborted).toMatchObject({ code: 'ABORTED' });
    expect(gunzipSync(await other).equals(sampleBytes(500_000))).toBe(true);
    await until(() => pool.metrics().activeSessions === 0);
    expect(pool.metrics()).toMatchObject({ restarts: 0, sessionsFailed: 1, threads: [{ sessions: 0 }] });
  });

  it('leaves the queue', async () => {
    const pool = newPool({ ownThreads: 1, abortGraceMs: 0 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = failureOf(ingest(sampleBytes(10), pool.offload(misbehaving('neverAnswer')), first.signal));
    const queued = failureOf(ingest(sampleBytes(10), pool.offload(misbehaving('neverAnswer')), second.signal));
    await until(() => pool.metrics().queueLength === 1);

    second.abort();

    expect(await queued).toMatchObject({ code: 'ABORTED' });
    expect(pool.metrics()).toMatchObject({ queueLength: 0, activeSessions: 1 });
    first.abort();
    await running;
  });
});

describe('a pool of workers', () => {
  const newPool = usePools();

  it('refuses a transfer where the queue is full', async () => {
    const pool = newPool({ ownThreads: 1, queueLimit: 1, abortGraceMs: 0 });
    const controller = new AbortController();
    const running = failureOf(ingest(sampleBytes(10), pool.offload(misbehaving('spin')), controller.signal));
    const queued = ingest(Buffer.from('hello'), pool.offload(misbehaving('default')));
    await until(() => pool.metrics().queueLength === 1);

    const refused = await failureOf(ingest(sampleBytes(10), pool.offload(misbehaving('default'))));

    expect(refused).toMatchObject({ code: 'TOO_MANY_TRANSFERS', retry: 'maybe', context: { queueLimit: 1 } });
    controller.abort();
    await running;
    expect((await queued).toString()).toBe('hello');
  });

  it('serves transfers in turns: a small one is not held up by a large one on the same thread', async () => {
    const pool = newPool({ sharedThreads: 1 });
    const controller = new AbortController();
    const large = failureOf(
      ingestStream(patternSource(2 ** 40), new RecordingSink(2 ** 20), {
        transforms: [pool.offload({ name: 'gzip', options: { level: 9 } })],
        signal: controller.signal,
      }),
    );
    await until(() => pool.metrics().bytesOut > 0);

    const small = await Promise.all([1, 2, 3].map((seed) => ingest(sampleBytes(1000, seed), pool.offload('gzip'))));

    expect(small).toHaveLength(3);
    expect(pool.metrics().threads).toEqual([expect.objectContaining({ isolation: 'shared', sessions: 1 })]);
    controller.abort();
    await large;
  });

  it('ends a thread that had no work for the idle time, and starts another when there is some', async () => {
    const pool = newPool({ idleMs: 20 });
    await ingest(Buffer.from('a'), pool.offload('gzip'));

    await until(() => pool.metrics().threads.length === 0);

    expect(gunzipSync(await ingest(Buffer.from('b'), pool.offload('gzip'))).toString()).toBe('b');
    expect(pool.metrics().restarts).toBe(0);
  });

  it('waits, when closed, for what is running and queued, then ends every thread and takes nothing new', async () => {
    const pool = newPool({ ownThreads: 1 });
    const bytes = sampleBytes(2_000_000);
    const running = [1, 2, 3].map(() => ingest(bytes, pool.offload(misbehaving('default'))));
    await until(() => pool.metrics().queueLength === 2);

    await pool.close();

    expect(pool.metrics()).toMatchObject({ threads: [], activeSessions: 0, queueLength: 0, sessionsFailed: 0 });
    for (const out of await Promise.all(running)) expect(out.equals(bytes)).toBe(true);
    const late = await failureOf(ingest(Buffer.from('a'), pool.offload('gzip')));
    expect(late).toMatchObject({ code: 'DRAINING' });
  });

  it('fails, when closed, what does not end within the grace', async () => {
    const pool = newPool({ ownThreads: 1, closeGraceMs: 100 });
    const running = failureOf(ingest(Buffer.from('a'), pool.offload(misbehaving('spin'))));
    const queued = failureOf(ingest(Buffer.from('a'), pool.offload(misbehaving('spin'))));
    await until(() => pool.metrics().bytesIn === 1);

    await pool.close();

    expect(await running).toMatchObject({ code: 'DRAINING' });
    expect(await queued).toMatchObject({ code: 'DRAINING' });
    expect(pool.metrics().threads).toEqual([]);
  });

  it('gives way to the main thread on Linux, where threads have priorities of their own', async () => {
    const pool = newPool({ threadNiceness: 7 });
    const transform = pool.offload(misbehaving('tellPriority'));

    await ingest(Buffer.from('a'), transform);

    const niceness = process.platform === 'linux' ? getPriority() + 7 : getPriority();
    expect(transform.result?.().facts).toMatchObject({ niceness });
  });

  it('keeps no thread and no buffer once closed, though never used', async () => {
    const pool = newPool();

    await pool.close();

    expect(pool.metrics()).toMatchObject({ threads: [], idleBufferBytes: 0, sessionsOpened: 0 });
  });

  it.each<[WorkerPoolOptions, string]>([
    [{ sharedThreads: 0 }, 'worker pool: sharedThreads must be an integer from 1 to 256, got 0'],
    [{ ownThreads: 257 }, 'worker pool: ownThreads must be an integer from 1 to 256, got 257'],
    [{ sessionsPerThread: 0 }, 'worker pool: sessionsPerThread must be an integer from 1 to 10000, got 0'],
    [{ queueLimit: -1 }, 'worker pool: queueLimit must be an integer from 0 to 100000, got -1'],
    [{ unitBytes: 100 }, 'worker pool: unitBytes must be an integer from 4096 to 16777216, got 100'],
    [{ windowBytes: 100_000 }, 'worker pool: windowBytes must be an integer from 131072 to 2147483648, got 100000'],
    [{ threadNiceness: 20 }, 'worker pool: threadNiceness must be an integer from 0 to 19, got 20'],
    [{ hangTimeoutMs: NaN }, 'worker pool: hangTimeoutMs must be an integer from 0 to 86400000, got NaN'],
  ])('refuses %j', (options, message) => {
    expect(() => newPool(options)).toThrow(message);
  });
});
