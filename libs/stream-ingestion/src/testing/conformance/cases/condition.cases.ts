import assert from 'node:assert/strict';

import { assertFails, assertPattern, listKeys, neverAborted, put, readObject, writePattern } from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

export const conditionCases: readonly ConformanceCase[] = [
  {
    name: 'creates only where there is nothing',
    requires: 'createOnly',
    async run({ store, leftovers }) {
      await put(store, 'object', 10, { seed: 1, ifNoneMatch: '*' });
      await assertFails(put(store, 'object', 20, { seed: 2, ifNoneMatch: '*' }), 'PRECONDITION_FAILED');
      assertPattern(await readObject(store, 'object'), 10, 1);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'decides create-only when the object becomes visible',
    requires: 'createOnly',
    async run({ store, leftovers }) {
      const late = await store.createSink('folder/object', { ifNoneMatch: '*' });
      await writePattern(late, 10, 1);
      await put(store, 'folder/object', 20, { seed: 2 });
      await assertFails(
        Promise.resolve().then(() => late.finalize({ bytes: 10, digests: {} }, neverAborted())),
        'PRECONDITION_FAILED',
      );
      await late.abort('enough');
      assertPattern(await readObject(store, 'folder/object'), 20, 2);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'replaces only the version that was asked for',
    requires: 'replaceIfMatch',
    async run({ store, leftovers }) {
      await assertFails(put(store, 'object', 10, { ifMatch: '*' }), 'PRECONDITION_FAILED');
      await assertFails(put(store, 'object', 10, { ifMatch: 'some-etag' }), 'PRECONDITION_FAILED');
      const first = await put(store, 'object', 10, { seed: 1 });
      const second = await put(store, 'object', 10, { seed: 2, ifMatch: first.result.etag });
      await assertFails(put(store, 'object', 10, { seed: 3, ifMatch: first.result.etag }), 'PRECONDITION_FAILED');
      assertPattern(await readObject(store, 'object'), 10, 2);
      await put(store, 'object', 10, { seed: 4, ifMatch: '*' });
      await assertFails(put(store, 'object', 10, { seed: 5, ifMatch: second.result.etag }), 'PRECONDITION_FAILED');
      assertPattern(await readObject(store, 'object'), 10, 4);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'decides replace-if-match when the object becomes visible',
    requires: 'replaceIfMatch',
    async run({ store, leftovers }) {
      const first = await put(store, 'object', 10, { seed: 1 });
      const late = await store.createSink('object', { ifMatch: first.result.etag });
      await writePattern(late, 10, 2);
      await put(store, 'object', 10, { seed: 3 });
      await assertFails(
        Promise.resolve().then(() => late.finalize({ bytes: 10, digests: {} }, neverAborted())),
        'PRECONDITION_FAILED',
      );
      await late.abort('enough');
      assertPattern(await readObject(store, 'object'), 10, 3);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'deletes once',
    async run({ store, leftovers }) {
      await assertFails(store.delete('folder/object'), 'NOT_FOUND');
      await put(store, 'folder/object', 10);
      await put(store, 'folder/other', 10);
      await store.delete('folder/object');
      await assertFails(store.open('folder/object'), 'NOT_FOUND');
      await assertFails(store.delete('folder/object'), 'NOT_FOUND');
      await assertFails(store.delete('folder'), 'NOT_FOUND');
      assert.deepEqual(await listKeys(store), ['folder/other']);
      await store.delete('folder/other');
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'deletes only the version that was asked for',
    requires: 'replaceIfMatch',
    async run({ store }) {
      const first = await put(store, 'object', 10, { seed: 1 });
      const second = await put(store, 'object', 10, { seed: 2 });
      await assertFails(store.delete('object', { ifMatch: first.result.etag }), 'PRECONDITION_FAILED');
      assertPattern(await readObject(store, 'object'), 10, 2);
      await store.delete('object', { ifMatch: second.result.etag });
      assert.deepEqual(await listKeys(store), []);
    },
  },
];
