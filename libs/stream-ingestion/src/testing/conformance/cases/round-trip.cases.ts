import assert from 'node:assert/strict';

import { ingestStream } from '../../../engine/index.js';
import { patternDigest } from '../../pattern/pattern-digest.js';
import { patternChunks, patternReadable } from '../../pattern/pattern-sources.js';
import { assertPattern, put, readObject, statObject } from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

const roundTrip = (name: string, sizeOf: (unitBytes: number) => number): ConformanceCase => ({
  name: `gives back ${name}`,
  async run({ store, unitBytes }) {
    const size = sizeOf(unitBytes);
    const { bytesIn, bytesOut, result } = await put(store, 'object', size, { digests: ['sha256'] });
    assert.deepEqual([bytesIn, bytesOut, result.size], [size, size, size]);
    assert.deepEqual(result.digests, { sha256: patternDigest(size) });
    assertPattern(await readObject(store, 'object'), size, 1);
  },
});

export const roundTripCases: readonly ConformanceCase[] = [
  roundTrip('an empty object', () => 0),
  roundTrip('one byte', () => 1),
  roundTrip('one byte less than a unit', (unitBytes) => unitBytes - 1),
  roundTrip('one unit', (unitBytes) => unitBytes),
  roundTrip('one byte more than a unit', (unitBytes) => unitBytes + 1),
  roundTrip('two units and three bytes', (unitBytes) => 2 * unitBytes + 3),
  roundTrip('nine units', (unitBytes) => 9 * unitBytes),
  {
    name: 'gives back what came in chunks of one byte',
    async run({ store }) {
      const sink = await store.createSink('object');
      await ingestStream(patternChunks(20_000, { chunkBytes: 1 }), sink);
      assertPattern(await readObject(store, 'object'), 20_000, 1);
    },
  },
  {
    name: 'gives back what came in chunks that do not fit the unit',
    async run({ store, unitBytes }) {
      const size = 3 * unitBytes + 17;
      const sink = await store.createSink('object');
      await ingestStream(patternReadable(size, { chunkBytes: Math.ceil(unitBytes / 3) + 5 }), sink);
      assertPattern(await readObject(store, 'object'), size, 1);
    },
  },
  {
    name: 'keeps its own copy of every chunk',
    async run({ store }) {
      const sink = await store.createSink('object');
      const { signal } = new AbortController();
      const chunk = Buffer.alloc(5000, 'a');
      await sink.write(chunk, signal);
      chunk.fill('b');
      await sink.write(chunk, signal);
      chunk.fill('c');
      if (sink.writev !== undefined) await sink.writev([chunk.subarray(0, 10), chunk.subarray(10)], signal);
      else await sink.write(chunk, signal);
      chunk.fill('d');
      await sink.finalize({ bytes: 15_000, digests: {} }, signal);
      const stored = await readObject(store, 'object');
      assert.equal(stored.toString(), 'a'.repeat(5000) + 'b'.repeat(5000) + 'c'.repeat(5000));
    },
  },
  {
    name: 'says the same of an object when it is finalized, opened and listed',
    async run({ store }) {
      const { result } = await put(store, 'object', 100, { digests: ['sha256', 'crc32c'] });
      const { created, ...info } = result;
      assert.equal(created, true);
      assert.deepEqual(await statObject(store, 'object'), info);
      assert.deepEqual((await store.list()).objects, [info]);
      assert.deepEqual(info.digests, { sha256: patternDigest(100), crc32c: info.digests.crc32c });
      assert.match(info.digests.crc32c ?? '', /^[0-9a-f]{8}$/);
      assert.match(info.etag, /^[\x21\x23-\x7e]+$/);
    },
  },
  {
    name: 'has no digests but those that were computed',
    async run({ store }) {
      const { result } = await put(store, 'object', 100);
      assert.deepEqual(result.digests, {});
      assert.deepEqual((await statObject(store, 'object')).digests, {});
    },
  },
  {
    name: 'keeps content type, content coding and metadata',
    requires: 'metadata',
    async run({ store }) {
      const attributes = {
        contentType: 'text/csv; charset="utf-8"',
        contentEncoding: 'gzip',
        metadata: { 'file-name': 'Größe €.csv', empty: '', quote: '"\\\n' },
      };
      await put(store, 'with', 10, attributes);
      await put(store, 'without', 10);
      const { contentType, contentEncoding, metadata } = await statObject(store, 'with');
      assert.deepEqual({ contentType, contentEncoding, metadata: { ...metadata } }, attributes);
      const bare = await statObject(store, 'without');
      assert.deepEqual({ ...bare.metadata }, {});
      assert.equal('contentEncoding' in bare, false);
    },
  },
];
