import assert from 'node:assert/strict';

import type { ByteRange } from '../../../contracts/index.js';
import { deliverStream } from '../../../engine/index.js';
import { CollectingWritable } from '../../streams/collecting-writable.js';
import { StallingWritable } from '../../streams/stalling-writable.js';
import { assertFails, assertPattern, put, readFrom } from '../actions.js';
import type { ConformanceCase } from '../conformance-case.js';

const SIZE = 10_000;

const range = (start: number, end: number): ConformanceCase => ({
  name: `reads bytes ${start} to ${end} of ${SIZE}`,
  requires: 'rangedRead',
  async run({ store }) {
    await put(store, 'object', SIZE);
    const source = await store.open('object');
    assertPattern(await readFrom(source, { start, end }), end - start + 1, 1, start);
    await source.close();
  },
});

const refusedRange = (size: number, { start, end }: ByteRange): ConformanceCase => ({
  name: `refuses bytes ${start} to ${end} of ${size}`,
  requires: 'rangedRead',
  async run({ store }) {
    await put(store, 'object', size);
    const source = await store.open('object');
    await assertFails(source.read({ start, end }), 'RANGE_NOT_SATISFIABLE');
    assertPattern(await readFrom(source), size, 1);
    await source.close();
  },
});

export const readingCases: readonly ConformanceCase[] = [
  range(0, 0),
  range(0, SIZE - 1),
  range(SIZE - 1, SIZE - 1),
  range(1, SIZE - 2),
  range(4095, 4096),
  refusedRange(SIZE, { start: SIZE, end: SIZE }),
  refusedRange(SIZE, { start: 0, end: SIZE }),
  refusedRange(SIZE, { start: 5, end: 4 }),
  refusedRange(SIZE, { start: -1, end: 4 }),
  refusedRange(0, { start: 0, end: 0 }),
  {
    name: 'reads ranges across units',
    requires: 'rangedRead',
    async run({ store, unitBytes }) {
      await put(store, 'object', 4 * unitBytes);
      const source = await store.open('object');
      for (const start of [unitBytes - 1, unitBytes, unitBytes + 1, 2 * unitBytes - 3]) {
        const end = start + unitBytes + 5;
        assertPattern(await readFrom(source, { start, end }), end - start + 1, 1, start);
      }
      await source.close();
    },
  },
  {
    name: 'serves several overlapping readings of one source at once',
    requires: 'rangedRead',
    async run({ store, unitBytes }) {
      const size = 3 * unitBytes + 7;
      await put(store, 'object', size);
      const source = await store.open('object');
      const readFromStart = async (start: number): Promise<void> => {
        const bytes = await readFrom(source, { start, end: size - 1 });
        assertPattern(bytes, size - start, 1, start);
      };
      await Promise.all([0, 0, 1, unitBytes - 1, 2 * unitBytes].map(readFromStart));
      await source.close();
    },
  },
  {
    name: 'finishes a reading that was under way when the source was closed',
    async run({ store, unitBytes }) {
      const size = 4 * unitBytes;
      await put(store, 'object', size);
      const source = await store.open('object');
      const reading = await source.read(undefined);
      await source.close();
      await source.close();
      const destination = new CollectingWritable();
      await deliverStream(reading, destination);
      assertPattern(destination.bytes, size, 1);
      await assert.rejects(source.read(undefined));
    },
  },
  {
    name: 'lets go of a consumer that has stalled',
    async run({ store, unitBytes, leftovers }) {
      await put(store, 'object', 8 * unitBytes);
      const source = await store.open('object');
      const abort = new AbortController();
      const destination = new StallingWritable(1);
      const delivery = deliverStream(source, destination, { unitBytes, signal: abort.signal });
      await destination.stalled;
      abort.abort();
      await assertFails(delivery, 'ABORTED');
      await source.close();
      await store.delete('object');
      assert.deepEqual(await leftovers(), []);
    },
  },
  {
    name: 'waits for a consumer that stalls and goes on',
    async run({ store, unitBytes }) {
      const size = 8 * unitBytes;
      await put(store, 'object', size);
      const source = await store.open('object');
      const destination = new StallingWritable(1);
      const delivery = deliverStream(source, destination, { unitBytes });
      await destination.stalled;
      assert.ok(destination.takenBytes < size, 'the consumer was flooded');
      destination.resume();
      assert.equal((await delivery).bytesOut, size);
      assert.equal(destination.takenBytes, size);
      await source.close();
    },
  },
];
