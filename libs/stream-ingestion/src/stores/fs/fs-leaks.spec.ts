import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { deliverStream, ingestStream } from '../../engine/index.js';
import { chaosSource, CollectingWritable, patternSource, put, StallingWritable } from '../../testing/index.js';
import { fsStore, type FsStore } from './index.js';
import { listTree, temporaryFolder, type TemporaryFolder } from './spec-support/temporary-folder.js';

const ROUNDS = 500;
const AT_ONCE = 20;
const UNIT_BYTES = 16 * 1024;

let folder: TemporaryFolder;
let store: FsStore;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = fsStore({ root: folder.path, unitBytes: UNIT_BYTES, fsync: false });
  await store.start();
});

afterEach(async () => {
  await store.close();
  await folder.remove();
});

/** What this process has open below the root, and how many descriptors in all. */
async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}

async function repeat(round: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < ROUNDS; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => round(from + index)));
  }
}

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('descriptors of the fs store', () => {
  onLinux('are closed after 500 completed and 500 aborted ingestions', async () => {
    await put(store, 'warm-up', 10);
    const before = await openFiles();
    await repeat((index) => put(store, `object-${index % 50}`, 3 * UNIT_BYTES));
    await repeat(async (index) => {
      const abort = new AbortController();
      const source = chaosSource(patternSource(10 * UNIT_BYTES), {
        ...(index % 2 === 0 ? { failAt: (index % 9) * UNIT_BYTES } : {}),
        onPull: (givenBytes) => {
          if (index % 2 === 1 && givenBytes >= (index % 9) * UNIT_BYTES) abort.abort();
        },
      });
      const transfer = ingestStream(source, await store.createSink('aborted'), { signal: abort.signal });
      await expect(transfer).rejects.toMatchObject({ code: index % 2 === 0 ? 'SOURCE_FAILED' : 'ABORTED' });
    });
    expect(await openFiles()).toBe(before);
    const temporary = await listTree(join(folder.path, '.stream-ingestion/tmp'));
    expect(temporary.filter((path) => !path.endsWith('/'))).toEqual([]);
    await expect(store.open('aborted')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  onLinux('are closed after 500 completed and 500 aborted deliveries', async () => {
    await put(store, 'object', 10 * UNIT_BYTES);
    const before = await openFiles();
    await repeat(async () => {
      const source = await store.open('object');
      await deliverStream(source, new CollectingWritable(), { unitBytes: UNIT_BYTES });
      await source.close();
    });
    await repeat(async (index) => {
      const source = await store.open('object');
      const destination = new StallingWritable(1 + (index % 9) * UNIT_BYTES);
      const abort = new AbortController();
      const delivery = deliverStream(source, destination, { unitBytes: UNIT_BYTES, signal: abort.signal });
      void destination.stalled.then(() => (index % 2 === 0 ? abort.abort() : destination.destroy()));
      await expect(delivery).rejects.toMatchObject({ code: index % 2 === 0 ? 'ABORTED' : 'DESTINATION_CLOSED' });
      await source.close();
    });
    expect(await openFiles()).toBe(before);
  });

  onLinux('are closed after whatever is refused', async () => {
    await put(store, 'object', 10);
    const before = await openFiles();
    await repeat(async (index) => {
      const outcomes = await Promise.allSettled([
        store.open('missing'),
        store.open('object/below'),
        store.createSink('object', { ifNoneMatch: '*' }),
        store.createSink('object', { expectedBytes: Number.MAX_SAFE_INTEGER }),
        put(store, 'object/below', 10),
        put(store, `new-${index}`, 10, { ifMatch: 'none' }),
        store.open('object').then(async (source) => {
          await source.read({ start: 10, end: 10 }).finally(() => source.close());
        }),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(Array(7).fill('rejected'));
    });
    expect(await openFiles()).toBe(before);
  });
});
