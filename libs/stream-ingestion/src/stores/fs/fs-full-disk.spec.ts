import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { listKeys, put, readObject, assertPattern } from '../../testing/index.js';
import { fsStore } from './index.js';
import { listTree } from './spec-support/temporary-folder.js';

const MEBIBYTE = 1024 * 1024;

/** Mounts a file system of 64 MiB, where this process may. */
function smallFileSystem(): { path: string; mounted: boolean } {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  mkdirSync(path, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', path]);
  return { path, mounted: status === 0 };
}

describe('a full disk', () => {
  const { path, mounted } = smallFileSystem();
  const whereMounted = mounted ? it : it.skip;
  const reason = mounted ? '' : ' (skipped: this process may not mount a small file system)';

  afterAll(() => {
    if (mounted) spawnSync('umount', [path]);
    rmSync(path, { recursive: true, force: true });
  });

  const freshStore = async (name: string): Promise<ReturnType<typeof fsStore>> => {
    const store = fsStore({ root: join(path, name) });
    await store.start();
    return store;
  };

  whereMounted(`ends ten uploads of unknown length cleanly, and has its space back${reason}`, async () => {
    const store = await freshStore('unknown');
    const { freeBytes: freeBefore = 0 } = await store.check();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, seed) => put(store, `object-${seed}`, 20 * MEBIBYTE, { seed })),
    );
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failed.length).toBeGreaterThanOrEqual(7);
    for (const { reason: error } of failed) expect(error).toMatchObject({ code: 'NO_SPACE', retry: 'maybe' });
    for (const key of await listKeys(store)) {
      assertPattern(await readObject(store, key), 20 * MEBIBYTE, Number(key.slice(7)));
      await store.delete(key);
    }
    const { freeBytes: freeAfter = 0 } = await store.check();
    expect(freeAfter).toBeGreaterThan(freeBefore - MEBIBYTE);
    const temporary = await listTree(join(path, 'unknown/.stream-ingestion/tmp'));
    expect(temporary.filter((name) => !name.endsWith('/'))).toEqual([]);
    await put(store, 'next', MEBIBYTE);
    await store.delete('next');
    await store.close();
  });

  whereMounted(`completes as many announced uploads as fit, and refuses the others at once${reason}`, async () => {
    const store = await freshStore('announced');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, seed) =>
        put(store, `object-${seed}`, 20 * MEBIBYTE, { seed, expectedBytes: 20 * MEBIBYTE }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'NO_SPACE' });
    }
    await store.close();
  });
});
