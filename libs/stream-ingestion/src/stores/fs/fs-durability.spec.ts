import { join } from 'node:path';

import { assertPattern, listKeys, put, readObject } from '../../testing/index.js';
import { FsStore } from './index.js';
import { watchedFileSystem } from './spec-support/watched-file-system.js';
import { listTree, temporaryFolder, type TemporaryFolder } from './spec-support/temporary-folder.js';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: on purpose`), { code });

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

describe('finalize of the fs store', () => {
  let events: string[];
  let store: FsStore;

  /** Paths by what they are: names of temporary files and sidecars differ from run to run. */
  const roleOf = (path: string): string =>
    path
      .replace(folder.path, 'root')
      .replace(/\.stream-ingestion\/tmp\/.*\.part$/, 'DATA')
      .replace(/\.stream-ingestion\/tmp\/.*\.json$/, 'DRAFT')
      .replace(/\.stream-ingestion\/tmp\/.*\.old$/, 'BACKUP')
      .replace(/\.stream-ingestion\/meta\/..\/.*\.json$/, 'SIDECAR')
      .replace(/\.stream-ingestion\/meta\/..$/, 'SHARD');

  beforeEach(async () => {
    events = [];
    const after = (name: string, path: string): void => void events.push(`${name} ${roleOf(path)}`);
    store = new FsStore({ root: folder.path }, watchedFileSystem({ after }));
    await store.start();
  });

  afterEach(() => store.close());

  const expectOrder = (...expected: string[]): void => {
    const positions = expected.map((event) => ({ event, at: events.lastIndexOf(event) }));
    expect(positions.filter(({ at }) => at === -1)).toEqual([]);
    expect(positions).toEqual([...positions].sort((left, right) => left.at - right.at));
  };

  it('syncs file, sidecar and new folders before the object is visible, and the folder before it resolves', async () => {
    await put(store, 'new/folder/object', 3_000_000);
    events.push('resolved');
    expectOrder('file.write root/DATA', 'file.sync root/DATA', 'file.close root/DATA', 'link root/new/folder/object');
    expectOrder('file.writeFile root/DRAFT', 'file.sync root/DRAFT', 'link root/SIDECAR', 'file.sync root/SHARD');
    expectOrder('file.sync root/SHARD', 'link root/new/folder/object');
    expectOrder('mkdir root/new', 'file.sync root', 'link root/new/folder/object');
    expectOrder('mkdir root/new/folder', 'file.sync root/new', 'link root/new/folder/object');
    expectOrder('link root/new/folder/object', 'file.sync root/new/folder', 'resolved');
  });

  it('removes what described the old version only once the new one is durable', async () => {
    await put(store, 'folder/object', 10);
    events.length = 0;
    await put(store, 'folder/object', 10);
    events.push('resolved');
    expectOrder('file.sync root/DATA', 'file.sync root/SHARD', 'link root/BACKUP', 'rename root/folder/object');
    expectOrder(
      'rename root/folder/object',
      'file.sync root/folder',
      'unlink root/SIDECAR',
      'unlink root/DRAFT',
      'resolved',
    );
    expectOrder('file.sync root/folder', 'unlink root/BACKUP', 'resolved');
  });

  it('makes a deletion durable before its sidecar goes', async () => {
    await put(store, 'folder/one', 10);
    await put(store, 'folder/two', 10);
    events.length = 0;
    await store.delete('folder/one');
    events.push('resolved');
    expectOrder('unlink root/folder/one', 'file.sync root/folder', 'unlink root/SIDECAR', 'resolved');
    await store.delete('folder/two');
    events.push('resolved');
    expectOrder('unlink root/folder/two', 'rmdir root/folder', 'file.sync root', 'unlink root/SIDECAR', 'resolved');
  });

  it('syncs nothing where it was told not to', async () => {
    const after = (name: string, path: string): void => void events.push(`${name} ${roleOf(path)}`);
    const quick = new FsStore({ root: join(folder.path, 'quick'), fsync: false }, watchedFileSystem({ after }));
    await put(quick, 'folder/object', 100_000_000);
    await quick.delete('folder/object');
    await quick.close();
    expect(events.filter((event) => /sync root.quick/.test(event))).toEqual([]);
  });

  it('begins to write a large object to the device while it is still coming', async () => {
    await put(store, 'object', 100_000_000);
    expect(events.filter((event) => event === 'file.datasync root/DATA').length).toBeGreaterThan(0);
    expectOrder('file.datasync root/DATA', 'file.sync root/DATA', 'link root/object');
  });
});

describe('a failing file system', () => {
  /** Every call of the kind is counted; the n-th fails once. */
  function failingStore(
    kind: RegExp,
    code: string,
  ): { store: FsStore; failAt: (n: number) => void; calls: () => number } {
    let calls = 0;
    let failAt = 0;
    const before = (name: string): void => {
      if (!kind.test(name)) return;
      calls += 1;
      if (calls === failAt) throw systemError(code);
    };
    return {
      store: new FsStore({ root: folder.path, writebackBytes: 1_048_576 }, watchedFileSystem({ before })),
      failAt(n) {
        calls = 0;
        failAt = n;
      },
      calls: () => calls,
    };
  }

  const codeOf = (error: unknown): string => (error as { code: string }).code;
  const temporaryFiles = async (): Promise<string[]> =>
    (await listTree(join(folder.path, '.stream-ingestion'))).filter((path) => !path.endsWith('/'));

  it('that cannot sync makes the transfer fail, whichever sync it was, and nothing is visible', async () => {
    const { store, failAt, calls } = failingStore(/^file\.(data)?sync$/, 'EIO');
    await store.start();
    let failures = 0;
    for (let n = 1; ; n += 1) {
      failAt(n);
      const outcome = await put(store, `folder-${n}/object`, 5_000_000).catch(codeOf);
      if (calls() < n) break;
      expect(outcome).toBe('STORE_UNAVAILABLE');
      expect(await listKeys(store)).toEqual([]);
      expect(await listTree(folder.path)).not.toContain(`folder-${n}/`);
      expect(await temporaryFiles()).toEqual([]);
      failures = n;
    }
    expect(failures).toBeGreaterThanOrEqual(5);
    await store.close();
  });

  it('that cannot sync leaves the old version, whichever sync it was', async () => {
    const { store, failAt, calls } = failingStore(/^file\.(data)?sync$/, 'EIO');
    const { result } = await put(store, 'object', 2_000_000, { seed: 1, metadata: { version: 'old' } });
    let failures = 0;
    for (let n = 1; ; n += 1) {
      failAt(n);
      const outcome = await put(store, 'object', 3_000_000, { seed: 2 }).catch(codeOf);
      if (calls() < n) break;
      expect(outcome).toBe('STORE_UNAVAILABLE');
      failAt(0);
      assertPattern(await readObject(store, 'object'), 2_000_000, 1);
      const [listed] = (await store.list()).objects;
      expect(listed).toMatchObject({ etag: result.etag, metadata: { version: 'old' } });
      expect(await temporaryFiles()).toHaveLength(1);
      failures = n;
    }
    expect(failures).toBeGreaterThanOrEqual(4);
    assertPattern(await readObject(store, 'object'), 3_000_000, 2);
    await store.close();
  });

  it('that has no hard links is found out at the start', async () => {
    const { store, failAt } = failingStore(/^link$/, 'EPERM');
    failAt(1);
    await expect(store.start()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'fs store: the file system of root has no hard links',
      retry: 'never',
    });
    await store.close();
  });

  it.each(['ENOSPC', 'EROFS'])('that takes nothing (%s) is still there to be read', async (code) => {
    const earlier = new FsStore({ root: folder.path });
    await put(earlier, 'object', 1000);
    await earlier.close();
    const before = (name: string, path: string): void => {
      if (/\.stream-ingestion\/tmp\/.+/.test(path) && /^(mkdir|open)$/.test(name)) throw systemError(code);
    };
    const store = new FsStore({ root: folder.path }, watchedFileSystem({ before }));
    await store.start();
    assertPattern(await readObject(store, 'object'), 1000, 1);
    expect(await store.check()).toMatchObject({
      writable: false,
      detail: `the file system refused a probe file (${code})`,
    });
    expect(await put(store, 'other', 10).catch(codeOf)).toBe(code === 'ENOSPC' ? 'NO_SPACE' : 'STORE_UNAVAILABLE');
    await store.close();
  });

  it.each([
    ['ENOSPC', 'NO_SPACE'],
    ['EDQUOT', 'NO_SPACE'],
    ['EIO', 'STORE_UNAVAILABLE'],
    ['EROFS', 'STORE_UNAVAILABLE'],
    ['EACCES', 'STORE_UNAVAILABLE'],
    ['EMFILE', 'STORE_UNAVAILABLE'],
  ])('fails with %s as %s', async (systemCode, code) => {
    for (const call of [/^file\.write/, /^open$/, /^link$/]) {
      const { store, failAt } = failingStore(call, systemCode);
      await store.start();
      failAt(1);
      expect(await put(store, 'object', 100_000).catch(codeOf)).toBe(code);
      failAt(0);
      expect(await listKeys(store)).toEqual([]);
      expect(await temporaryFiles()).toEqual([]);
      await store.close();
    }
  });

  it('never shows anything but the old or the new version, whichever call fails', async () => {
    const { store, failAt, calls } = failingStore(/./, 'EIO');
    await store.start();
    for (let n = 1; ; n += 1) {
      failAt(0);
      await put(store, 'a/object', 10_000, { seed: 1 });
      failAt(n);
      const outcome = await put(store, 'a/object', 20_000, { seed: 2 }).catch(codeOf);
      const made = calls();
      failAt(0);
      const bytes = await readObject(store, 'a/object');
      const seed = bytes.byteLength === 20_000 ? 2 : 1;
      assertPattern(bytes, seed * 10_000, seed);
      if (typeof outcome !== 'string') expect(seed).toBe(2);
      if (made < n) break;
    }
    await store.close();
  });
});
