import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { ingestStream } from '../../../engine/index.js';
import { chaosSource } from '../../chaos/chaos.source.js';
import { patternSource } from '../../pattern/pattern-sources.js';
import { assertFails, assertPattern, neverAborted, put, readObject, writePattern } from '../actions.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';

async function assertNothingLeft({ store, leftovers }: ConformanceContext): Promise<void> {
  await assertFails(store.open('object'), 'NOT_FOUND');
  assert.deepEqual((await store.list()).objects, []);
  assert.deepEqual(await leftovers(), []);
}

export const abortCases: readonly ConformanceCase[] = [
  {
    name: 'leaves nothing after an abort before the first write',
    async run(context) {
      const sink = await context.store.createSink('object');
      await sink.abort('enough');
      await assertNothingLeft(context);
    },
  },
  {
    name: 'leaves nothing after an abort between writes',
    async run(context) {
      const sink = await context.store.createSink('some/folder/object', { metadata: { a: 'b' } });
      await writePattern(sink, context.unitBytes, 1);
      await writePattern(sink, 10, 1, context.unitBytes);
      await sink.abort('enough');
      await assertNothingLeft(context);
    },
  },
  {
    name: 'leaves nothing after an abort that comes twice',
    async run(context) {
      const sink = await context.store.createSink('object');
      await writePattern(sink, 10, 1);
      await Promise.all([sink.abort('enough'), sink.abort('enough')]);
      await sink.abort('enough');
      await assertNothingLeft(context);
    },
  },
  {
    name: 'leaves nothing when the source fails',
    async run(context) {
      const { store, unitBytes } = context;
      const source = chaosSource(patternSource(9 * unitBytes), { failAt: 3 * unitBytes + 1 });
      await assertFails(ingestStream(source, await store.createSink('object')), 'SOURCE_FAILED');
      await assertNothingLeft(context);
    },
  },
  {
    name: 'leaves nothing when the bytes do not have the expected digest',
    async run(context) {
      const sink = await context.store.createSink('object');
      const expectedDigests = { sha256: '0'.repeat(64) };
      await assertFails(ingestStream(patternSource(1000), sink, { expectedDigests }), 'DIGEST_MISMATCH');
      await assertNothingLeft(context);
    },
  },
  {
    name: 'leaves nothing after aborts while a write is under way',
    async run(context) {
      const { store, unitBytes } = context;
      for (let round = 0; round < 20; round += 1) {
        const abort = new AbortController();
        const source = chaosSource(patternSource(Number.MAX_SAFE_INTEGER), {
          async onPull(givenBytes) {
            if (givenBytes === 2 * unitBytes) setTimeout(() => abort.abort(), round / 8);
            await nextTurn();
          },
        });
        const sink = await store.createSink('object');
        await assertFails(ingestStream(source, sink, { signal: abort.signal }), 'ABORTED');
      }
      await assertNothingLeft(context);
    },
  },
  {
    name: 'is either whole or not there after an abort at any moment',
    async run({ store, unitBytes, leftovers }) {
      const size = 2 * unitBytes + 1;
      for (let round = 0; round < 30; round += 1) {
        const abort = new AbortController();
        const sink = await store.createSink('object');
        const transfer = ingestStream(patternSource(size), sink, { signal: abort.signal });
        const timer = delay(round / 4).then(() => abort.abort());
        const stored = await transfer.then(
          () => true,
          () => false,
        );
        await timer;
        if (stored) {
          assertPattern(await readObject(store, 'object'), size, 1);
          await store.delete('object');
        }
        await assertFails(store.open('object'), 'NOT_FOUND');
        assert.deepEqual(await leftovers(), []);
      }
    },
  },
  {
    name: 'does not finalize once the signal has fired',
    async run(context) {
      const sink = await context.store.createSink('object');
      await writePattern(sink, 100, 1);
      await assertFails(
        Promise.resolve().then(() => sink.finalize({ bytes: 100, digests: {} }, AbortSignal.abort())),
        'ABORTED',
      );
      await sink.abort('enough');
      await assertNothingLeft(context);
    },
  },
  {
    name: 'keeps the old version when the new one is aborted',
    async run({ store, unitBytes, leftovers }) {
      const before = await put(store, 'object', 500, { seed: 1 });
      const sink = await store.createSink('object');
      await writePattern(sink, unitBytes, 2);
      await sink.abort('enough');
      assertPattern(await readObject(store, 'object'), 500, 1);
      assert.equal((await store.list()).objects[0]?.etag, before.result.etag);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'takes no more writes after an abort',
    async run(context) {
      const sink = await context.store.createSink('object');
      await sink.abort('enough');
      await assert.rejects(async () => sink.write(Buffer.alloc(10), neverAborted()));
      await assert.rejects(async () => sink.finalize({ bytes: 0, digests: {} }, neverAborted()));
      await assertNothingLeft(context);
    },
  },
];
