import assert from 'node:assert/strict';

import type { StoredObject } from '../../../contracts/index.js';
import {
  assertFails,
  assertPattern,
  neverAborted,
  put,
  readFrom,
  readObject,
  statObject,
  writePattern,
  type PutOptions,
} from '../actions.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';

const WRITERS = 8;

/** Several writers at once under one condition: exactly one of them has its way. */
async function assertOneWinner(context: ConformanceContext, key: string, conditions: PutOptions): Promise<void> {
  const { store, unitBytes, leftovers } = context;
  const seeds = Array.from({ length: WRITERS }, (_, index) => 10 + index);
  const outcomes = await Promise.allSettled(
    seeds.map((seed) => put(store, key, unitBytes + seed, { ...conditions, seed })),
  );
  const winners: StoredObject[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') winners.push(outcome.value.result);
    else await assertFails(Promise.reject(outcome.reason as Error), 'PRECONDITION_FAILED');
  }
  const [winner] = winners;
  assert.ok(winner !== undefined && winners.length === 1, `${winners.length} writers had their way`);
  assertPattern(await readObject(store, key), winner.size, winner.size - unitBytes);
  assert.equal((await statObject(store, key)).etag, winner.etag);
  assert.deepEqual(await leftovers(), []);
}

export const concurrencyCases: readonly ConformanceCase[] = [
  {
    name: 'keeps what was finalized last, in whatever order the sinks were created and written',
    async run({ store, leftovers }) {
      const first = await store.createSink('object');
      const second = await store.createSink('object');
      await writePattern(first, 100, 1);
      await writePattern(second, 200, 2);
      await second.finalize({ bytes: 200, digests: {} }, neverAborted());
      assertPattern(await readObject(store, 'object'), 200, 2);
      await first.finalize({ bytes: 100, digests: {} }, neverAborted());
      assertPattern(await readObject(store, 'object'), 100, 1);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'shows every reader one version whole while writers replace it',
    async run({ store, unitBytes, leftovers }) {
      const sizeOf = (seed: number): number => unitBytes + seed;
      const write = (seed: number) =>
        put(store, 'object', sizeOf(seed), { seed, metadata: { seed: String(seed) }, digests: ['md5'] });
      await write(1);
      let writing = true;
      const readOften = async (): Promise<void> => {
        while (writing) {
          const source = await store.open('object');
          const { size, metadata } = await source.stat();
          const bytes = await readFrom(source).catch(() => undefined);
          await source.close();
          const seed = size - unitBytes;
          if (store.capabilities.metadata) assert.equal(metadata['seed'], String(seed));
          if (bytes !== undefined) assertPattern(bytes, size, seed);
        }
      };
      const writeOften = async (first: number): Promise<void> => {
        for (let seed = first; seed < first + 10; seed += 1) await write(seed);
      };
      const writers = Promise.all([writeOften(10), writeOften(20), writeOften(30)]).finally(() => {
        writing = false;
      });
      await Promise.all([writers, readOften(), readOften()]);
      const last = await statObject(store, 'object');
      assertPattern(await readObject(store, 'object'), last.size, last.size - unitBytes);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'lets exactly one of several create-only writers have its way',
    requires: 'createOnly',
    run: (context) => assertOneWinner(context, 'new/folder/object', { ifNoneMatch: '*' }),
  },
  {
    name: 'lets exactly one of several writers replace a version',
    requires: 'replaceIfMatch',
    async run(context) {
      const before = await put(context.store, 'object', 10);
      await assertOneWinner(context, 'object', { ifMatch: before.result.etag });
    },
  },
  {
    name: 'stores and deletes neighbours at once',
    async run({ store, leftovers }) {
      const keys = Array.from({ length: 12 }, (_, index) => `folder/below/${index}`);
      for (let round = 0; round < 5; round += 1) {
        await Promise.all(
          keys.map(async (key, seed) => {
            await put(store, key, 100, { seed });
            assertPattern(await readObject(store, key), 100, seed);
            await store.delete(key);
          }),
        );
      }
      assert.deepEqual((await store.list()).objects, []);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'deletes a version for exactly one of several callers',
    async run({ store }) {
      await put(store, 'object', 10);
      const outcomes = await Promise.allSettled(Array.from({ length: WRITERS }, () => store.delete('object')));
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    },
  },
];
