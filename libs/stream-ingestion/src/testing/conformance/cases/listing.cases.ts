import assert from 'node:assert/strict';

import type { Store } from '../../../contracts/index.js';
import { assertFails, listKeys, put } from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

async function putAll(store: Store, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 16) {
    await Promise.all(keys.slice(from, from + 16).map((key) => put(store, key, 3)));
  }
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `n${String(index).padStart(3, '0')}`);

export const listingCases: readonly ConformanceCase[] = [
  {
    name: 'lists nothing where there is nothing',
    async run({ store }) {
      assert.deepEqual(await store.list(), { objects: [] });
      assert.deepEqual(await store.list({ prefix: 'a/b/c' }), { objects: [] });
    },
  },
  {
    name: "lists in the order of the keys' UTF-8 bytes",
    async run({ store }) {
      const ordered = ['a!', 'a-b', 'a-b/c', 'a.b', 'a/a', 'a/b/c', 'a/b.c', 'a0', 'aa', 'b', 'z', 'é', '\uff5e', '😀'];
      // As whole keys: "a/b.c" comes before "a/b/c".
      const expected = ['a!', 'a-b/c', 'a.b', 'a/a', 'a/b.c', 'a/b/c', 'a0', 'aa', 'b', 'z', 'é', '\uff5e', '😀'];
      await putAll(
        store,
        ordered.filter((key) => key !== 'a-b'),
      );
      assert.deepEqual(await listKeys(store), expected);
      assert.deepEqual(await listKeys(store, { limit: 1 }), expected);
      assert.deepEqual(await listKeys(store, { limit: 2 }), expected);
    },
  },
  {
    name: 'lists by prefix, which need not end at a slash',
    async run({ store }) {
      await putAll(store, ['a', 'folder.txt', 'folder/one', 'folder/two', 'folder2/x', 'Folder/x', 'g']);
      const under = (prefix: string): Promise<string[]> => listKeys(store, { prefix, limit: 2 });
      assert.deepEqual(await under('fol'), ['folder.txt', 'folder/one', 'folder/two', 'folder2/x']);
      assert.deepEqual(await under('folder/'), ['folder/one', 'folder/two']);
      assert.deepEqual(await under('folder/t'), ['folder/two']);
      assert.deepEqual(await under('folder/two'), ['folder/two']);
      assert.deepEqual(await under('folder/two/'), []);
      assert.deepEqual(await under('z'), []);
      for (const nowhere of ['/', '../', './', 'folder//', 'folder/../', '\0', '\ud800']) {
        assert.deepEqual(await under(nowhere), [], `prefix ${JSON.stringify(nowhere)}`);
      }
    },
  },
  {
    name: 'pages through 250 keys without loss or repetition',
    async run({ store }) {
      const keys = numbered(250);
      await putAll(store, keys);
      const first = await store.list();
      assert.equal(first.objects.length, 100);
      assert.equal(typeof first.nextCursor, 'string');
      assert.deepEqual(await listKeys(store), keys);
      assert.deepEqual(await listKeys(store, { limit: 7 }), keys);
      const whole = await store.list({ limit: 250 });
      assert.equal(whole.objects.length, 250);
      assert.equal('nextCursor' in whole, false);
      assert.deepEqual(await store.list({ limit: 1000 }), whole);
    },
  },
  {
    name: 'goes on after the cursor when objects before and after it have gone',
    async run({ store }) {
      const keys = numbered(30);
      await putAll(store, keys);
      const { objects, nextCursor } = await store.list({ limit: 10 });
      assert.deepEqual(
        objects.map(({ key }) => key),
        keys.slice(0, 10),
      );
      for (const gone of ['n003', 'n009', 'n010', 'n020']) await store.delete(gone);
      await put(store, 'n001a', 3);
      await put(store, 'n010a', 3);
      assert.ok(nextCursor !== undefined);
      const rest = keys.slice(11).filter((key) => key !== 'n020');
      assert.deepEqual(await listKeys(store, { limit: 4, cursor: nextCursor }), ['n010a', ...rest]);
    },
  },
  {
    name: 'refuses limits and cursors out of bounds',
    async run({ store }) {
      for (const limit of [0, -1, 1001, 1.5, Number.NaN]) await assertFails(store.list({ limit }), 'INVALID_OPTION');
      for (const cursor of ['', '!', 'Li4vLi4vZXRj']) await assertFails(store.list({ cursor }), 'INVALID_OPTION');
    },
  },
];
