import assert from 'node:assert/strict';

import { assertFails, assertPattern, listKeys, put, readObject, statObject } from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

const UNUSUAL_KEYS: readonly string[] = [
  'with space',
  ' leading space',
  '100%',
  'a%2fb',
  '%2e%2e%2f',
  'ünï/çödé',
  '日本語.txt',
  '😀/😀',
  '#hash&x=1',
  "it's (a) [test]; {really}!",
  '+plus,comma=equals@at~tilde$',
  '...x',
  '.hidden',
  '-rf',
  '__proto__',
  'constructor',
];

const HOSTILE_KEYS: readonly string[] = [
  '',
  '/',
  '/etc/passwd',
  'folder/',
  'a//b',
  '.',
  '..',
  '../x',
  'a/../b',
  'a/..',
  'a/./b',
  './a',
  'a\\b',
  '..\\x',
  'a\0b',
  'a\nb',
  'a\u007fb',
  'a\u0085b',
  '\ud800',
  'x\udc00y',
  'x'.repeat(256),
  'é'.repeat(128),
  'a/'.repeat(512) + 'b',
];

export const keyCases: readonly ConformanceCase[] = [
  {
    name: 'takes keys of any script and with unusual characters as they are',
    async run({ store }) {
      for (const [seed, key] of UNUSUAL_KEYS.entries()) await put(store, key, 50, { seed });
      for (const [seed, key] of UNUSUAL_KEYS.entries()) {
        assertPattern(await readObject(store, key), 50, seed);
        assert.equal((await statObject(store, key)).key, key);
      }
      assert.deepEqual((await listKeys(store)).sort(), [...UNUSUAL_KEYS].sort());
    },
  },
  {
    name: 'takes one key in whatever Unicode form as one and the same',
    async run({ store }) {
      const { result } = await put(store, 'e\u0301te\u0301/n\u0303', 50);
      assert.equal(result.key, '\u00e9t\u00e9/\u00f1');
      assertPattern(await readObject(store, '\u00e9t\u00e9/\u00f1'), 50, 1);
      assertPattern(await readObject(store, 'e\u0301te\u0301/n\u0303'), 50, 1);
      assert.deepEqual(await listKeys(store, { prefix: 'e\u0301t' }), ['\u00e9t\u00e9/\u00f1']);
      await store.delete('e\u0301t\u00e9/\u00f1');
      assert.deepEqual(await listKeys(store), []);
    },
  },
  {
    name: 'takes deep and long keys',
    async run({ store, leftovers }) {
      const keys = ['deep/'.repeat(200) + 'leaf', `${'x'.repeat(255)}/${'y'.repeat(255)}`, 'z'.repeat(255)];
      for (const [seed, key] of keys.entries()) await put(store, key, 50, { seed });
      for (const [seed, key] of keys.entries()) assertPattern(await readObject(store, key), 50, seed);
      assert.deepEqual(await listKeys(store), keys);
      for (const key of keys) await store.delete(key);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'refuses hostile keys everywhere',
    async run({ store, leftovers }) {
      for (const key of HOSTILE_KEYS) {
        await assertFails(store.createSink(key), 'INVALID_KEY');
        await assertFails(store.open(key), 'INVALID_KEY');
        await assertFails(store.delete(key), 'INVALID_KEY');
      }
      assert.deepEqual(await listKeys(store), []);
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'keeps an object beside one whose key goes on below it, or refuses the second',
    async run({ store }) {
      await put(store, 'a', 50, { seed: 1 });
      const second = await put(store, 'a/b', 50, { seed: 2 }).then(
        () => 'stored',
        (error: unknown) => error,
      );
      if (second === 'stored') assertPattern(await readObject(store, 'a/b'), 50, 2);
      else await assertFails(Promise.reject(second), 'KEY_CONFLICT');
      assertPattern(await readObject(store, 'a'), 50, 1);
      await assertFails(store.open('a/b/c'), 'NOT_FOUND');
      await assertFails(store.delete('a/b/c'), 'NOT_FOUND');
    },
  },
];
