import assert from 'node:assert/strict';

import { assertFails, assertPattern, put, readObject } from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

export const healthCases: readonly ConformanceCase[] = [
  {
    name: 'says that it can be written, and leaves no trace of having tried',
    async run({ store, leftovers }) {
      assert.equal((await store.check()).writable, true);
      assert.deepEqual((await store.list()).objects, []);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'knows its free space',
    requires: 'freeSpace',
    async run({ store }) {
      const { freeBytes } = await store.check();
      assert.ok(Number.isSafeInteger(freeBytes) && (freeBytes ?? -1) >= 0, `freeBytes is ${freeBytes}`);
    },
  },
  {
    name: 'refuses early what cannot fit',
    requires: 'freeSpace',
    async run({ store, leftovers }) {
      await assertFails(store.createSink('object', { expectedBytes: Number.MAX_SAFE_INTEGER }), 'NO_SPACE');
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'takes the expected number of bytes',
    async run({ store }) {
      await put(store, 'empty', 0, { expectedBytes: 0 });
      await put(store, 'object', 1000, { expectedBytes: 1000 });
      assertPattern(await readObject(store, 'object'), 1000, 1);
      await assertFails(store.createSink('object', { expectedBytes: -1 }), 'INVALID_OPTION');
    },
  },
  {
    name: 'does nothing for a caller who has already aborted',
    async run({ store, leftovers }) {
      await put(store, 'object', 10);
      const signal = AbortSignal.abort();
      await assertFails(store.createSink('other', { signal }), 'ABORTED');
      await assertFails(store.open('object', signal), 'ABORTED');
      await assertFails(store.delete('object', { signal }), 'ABORTED');
      await assertFails(store.list({ signal }), 'ABORTED');
      await assertFails(store.check(signal), 'ABORTED');
      assertPattern(await readObject(store, 'object'), 10, 1);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'fails with NOT_FOUND for a key that was never stored',
    async run({ store }) {
      await assertFails(store.open('nothing'), 'NOT_FOUND');
      await assertFails(store.open('no/such/folder/nothing'), 'NOT_FOUND');
      await assertFails(store.delete('nothing'), 'NOT_FOUND');
      await assertFails(store.delete('no/such/folder/nothing'), 'NOT_FOUND');
    },
  },
];
