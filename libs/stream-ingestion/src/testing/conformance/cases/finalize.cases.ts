import assert from 'node:assert/strict';

import {
  assertFails,
  assertPattern,
  listKeys,
  neverAborted,
  put,
  readFrom,
  readObject,
  statObject,
  writePattern,
} from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

export const finalizeCases: readonly ConformanceCase[] = [
  {
    name: 'shows an object only once it is finalized',
    async run({ store }) {
      const sink = await store.createSink('object');
      await writePattern(sink, 1000, 1);
      await assertFails(store.open('object'), 'NOT_FOUND');
      await assertFails(store.delete('object'), 'NOT_FOUND');
      assert.deepEqual(await listKeys(store), []);
      await sink.finalize({ bytes: 1000, digests: {} }, neverAborted());
      assertPattern(await readObject(store, 'object'), 1000, 1);
    },
  },
  {
    name: 'shows the old version until the new one is finalized',
    async run({ store }) {
      await put(store, 'object', 700, { seed: 1 });
      const sink = await store.createSink('object');
      await writePattern(sink, 1000, 2);
      assertPattern(await readObject(store, 'object'), 700, 1);
      await sink.finalize({ bytes: 1000, digests: {} }, neverAborted());
      assertPattern(await readObject(store, 'object'), 1000, 2);
    },
  },
  {
    name: 'survives a restart',
    requires: 'durable',
    async run({ store, unitBytes, reopen, leftovers }) {
      const written = await put(store, 'folder/object', 2 * unitBytes + 1, {
        digests: ['sha256', 'md5'],
        contentType: 'text/plain',
        metadata: { a: 'b' },
      });
      const { created: _, ...info } = written.result;
      const unfinished = await store.createSink('unfinished');
      await writePattern(unfinished, unitBytes, 2);
      const later = await reopen();
      assert.deepEqual(await statObject(later, 'folder/object'), info);
      assert.deepEqual((await later.list()).objects, [info]);
      assertPattern(await readObject(later, 'folder/object'), 2 * unitBytes + 1, 1);
      await unfinished.abort('enough');
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'says whether an object was created or replaced',
    async run({ store }) {
      assert.equal((await put(store, 'object', 10)).result.created, true);
      assert.equal((await put(store, 'object', 10)).result.created, false);
      assert.equal((await put(store, 'object', 10, { ifMatch: '*' })).result.created, false);
      await store.delete('object');
      assert.equal((await put(store, 'object', 10, { ifNoneMatch: '*' })).result.created, true);
    },
  },
  {
    name: 'has another etag for other bytes of the same length',
    async run({ store, leftovers }) {
      const etags = new Set<string>();
      for (let seed = 1; seed <= 20; seed += 1) {
        const { result } = await put(store, 'object', 64, { seed });
        etags.add(result.etag);
        assert.equal((await statObject(store, 'object')).etag, result.etag);
      }
      for (let seed = 21; seed <= 40; seed += 1) {
        await store.delete('object');
        etags.add((await put(store, 'object', 64, { seed })).result.etag);
      }
      assert.equal(etags.size, 40);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'never gives an open source bytes of another version',
    async run({ store, unitBytes }) {
      const size = 3 * unitBytes;
      const before = await put(store, 'object', size, { seed: 1, metadata: { version: 'one' } });
      const source = await store.open('object');
      await put(store, 'object', size, { seed: 2, metadata: { version: 'two' } });
      assert.equal((await source.stat()).etag, before.result.etag);
      const bytes = await readFrom(source).catch(() => undefined);
      await source.close();
      // A store may fail such a reading, but not mix.
      if (bytes !== undefined) assertPattern(bytes, size, 1);
      assertPattern(await readObject(store, 'object'), size, 2);
    },
  },
  {
    name: 'replaces the attributes together with the bytes',
    requires: 'metadata',
    async run({ store }) {
      await put(store, 'object', 10, { seed: 1, digests: ['sha256'], contentType: 'a/b', metadata: { one: '1' } });
      await put(store, 'object', 10, { seed: 2, metadata: { two: '2' } });
      const info = await statObject(store, 'object');
      assert.deepEqual({ ...info.metadata }, { two: '2' });
      assert.deepEqual(info.digests, {});
      assert.notEqual(info.contentType, 'a/b');
    },
  },
];
