import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { PullSource } from '../../contracts/index.js';
import { ingestStream } from '../../engine/index.js';
import {
  assertFails,
  assertPattern,
  listKeys,
  Pattern,
  patternSource,
  put,
  readFrom,
  readObject,
  statObject,
} from '../../testing/index.js';
import { fsStore, type FsStore } from './index.js';
import { listTree, temporaryFolder, type TemporaryFolder } from './spec-support/temporary-folder.js';

let folder: TemporaryFolder;
let root: string;
let store: FsStore;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'root');
  store = fsStore({ root });
});

afterEach(async () => {
  await store.close();
  await folder.remove();
});

const place = async (path: string, content: string | Buffer = 'foreign'): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
const sidecarsIn = async (): Promise<string[]> =>
  (await listTree(join(root, '.stream-ingestion/meta'))).filter((path) => path.endsWith('.json'));

describe('files of the fs store', () => {
  it('are plain files under their keys, readable by their owner alone', async () => {
    await put(store, 'reports/2024/a.bin', 1000);
    const path = join(root, 'reports/2024/a.bin');
    expect((await readFile(path)).equals(new Pattern(1).bytes(1000))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).nlink).toBe(1);
  });

  it('have the permissions that were asked for', async () => {
    const open = fsStore({ root, fileMode: 0o644, directoryMode: 0o755 });
    await put(open, 'reports/a.bin', 10);
    expect((await stat(join(root, 'reports/a.bin'))).mode & 0o777).toBe(0o644);
    expect((await stat(join(root, 'reports'))).mode & 0o777).toBe(0o755);
    await open.close();
  });

  it('leave no folder behind when they are deleted, but those that others need', async () => {
    await put(store, 'a/b/c/one', 10);
    await put(store, 'a/two', 10);
    await store.delete('a/b/c/one');
    const objects = async (): Promise<string[]> =>
      (await listTree(root)).filter((path) => !path.startsWith('.stream-ingestion'));
    expect(await objects()).toEqual(['a/', 'a/two']);
    await store.delete('a/two');
    expect(await objects()).toEqual([]);
    expect(await sidecarsIn()).toEqual([]);
  });

  it('stay readable for an open source when they are replaced or deleted', async () => {
    await put(store, 'object', 300_000, { seed: 1, metadata: { version: 'one' } });
    const source = await store.open('object');
    const reading = (await source.read(undefined)) as PullSource;
    await put(store, 'object', 300_000, { seed: 2, metadata: { version: 'two' } });
    await store.delete('object');
    expect((await source.stat()).metadata).toEqual({ version: 'one' });
    assertPattern(await readFrom(source), 300_000, 1);
    await source.close();
    const buffer = Buffer.alloc(300_000);
    expect(await reading.pull(buffer, new AbortController().signal)).toBe(300_000);
    assertPattern(buffer, 300_000, 1);
    await reading.close();
  });

  it('take keys with characters that only some platforms refuse', async () => {
    const key = 'what?.*<>|"';
    await put(store, key, 10);
    assertPattern(await readObject(store, key), 10, 1);
  });

  it.each(['CON', 'a/nul.txt', 'a:b', 'a.', 'a /b', '.stream-ingestion/tmp/x', '.Stream-Ingestion/x'])(
    'cannot have the key %j',
    async (key) => {
      await assertFails(store.createSink(key), 'INVALID_KEY');
      await assertFails(store.open(key), 'INVALID_KEY');
      await assertFails(store.delete(key), 'INVALID_KEY');
    },
  );
});

describe('files of other programs', () => {
  it('are served, with a validator that changes with them', async () => {
    await store.start();
    await place('below/foreign.txt', 'hello');
    const before = await statObject(store, 'below/foreign.txt');
    expect(before).toMatchObject({ key: 'below/foreign.txt', size: 5, digests: {}, metadata: {} });
    expect(before.etag).toMatch(/^[0-9a-f]+-5-[0-9a-f]+$/);
    expect((await readObject(store, 'below/foreign.txt')).toString()).toBe('hello');
    expect(await listKeys(store)).toEqual(['below/foreign.txt']);
    await place('below/foreign.txt', 'world');
    await utimes(join(root, 'below/foreign.txt'), 1, 1);
    expect((await statObject(store, 'below/foreign.txt')).etag).not.toBe(before.etag);
    await store.delete('below/foreign.txt', { ifMatch: (await statObject(store, 'below/foreign.txt')).etag });
    expect(await listKeys(store)).toEqual([]);
  });

  it('can be replaced on condition, and are then ours', async () => {
    await store.start();
    await place('object');
    await assertFails(put(store, 'object', 10, { ifNoneMatch: '*' }), 'PRECONDITION_FAILED');
    await assertFails(put(store, 'object', 10, { ifMatch: 'other' }), 'PRECONDITION_FAILED');
    const { etag } = await statObject(store, 'object');
    const { result } = await put(store, 'object', 10, { ifMatch: etag, metadata: { a: 'b' } });
    expect(result.created).toBe(false);
    expect((await statObject(store, 'object')).metadata).toEqual({ a: 'b' });
  });

  it('that stand in the place of ours do not get our attributes', async () => {
    const { result } = await put(store, 'object', 1000, { digests: ['sha256'], metadata: { a: 'b' } });
    await writeFile(join(root, 'object'), 'x'.repeat(1000));
    const info = await statObject(store, 'object');
    expect(info).toMatchObject({ size: 1000, digests: {}, metadata: {} });
    expect(info.etag).not.toBe(result.etag);
    expect((await store.list()).objects).toEqual([info]);
  });

  it('with names that are not UTF-8 are passed over', async () => {
    await put(store, 'object', 10);
    await writeFile(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff])]), '');
    expect(await listKeys(store, { limit: 1 })).toEqual(['object']);
  });

  it('make a reading fail that they change under it', async () => {
    await put(store, 'grown', 100_000);
    await put(store, 'cut', 100_000);
    const grown = await store.open('grown');
    const cut = await store.open('cut');
    await writeFile(join(root, 'grown'), new Pattern(2).bytes(200_000));
    await truncate(join(root, 'cut'), 50_000);
    await assertFails(readFrom(grown), 'SOURCE_FAILED');
    await assertFails(readFrom(cut), 'SOURCE_FAILED');
    await grown.close();
    await cut.close();
  });

  it('that are no regular files are not there', async () => {
    await put(store, 'object', 10);
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await assertFails(store.open('pipe'), 'NOT_FOUND');
    await assertFails(store.delete('pipe'), 'NOT_FOUND');
    await assertFails(put(store, 'pipe', 10), 'KEY_CONFLICT');
    expect(await listKeys(store)).toEqual(['object']);
  });
});

describe('symbolic links inside the root', () => {
  beforeEach(async () => {
    await put(store, 'inside/object', 10);
    await mkdir(join(folder.path, 'outside/sub'), { recursive: true });
    await writeFile(join(folder.path, 'outside/secret'), 'secret');
    await symlink(join(folder.path, 'outside'), join(root, 'folder'));
    await symlink(join(folder.path, 'outside/secret'), join(root, 'file'));
    await symlink(join(root, 'inside'), join(root, 'within'));
    await symlink(join(root, 'nowhere'), join(root, 'dangling'));
    await symlink('loop', join(root, 'loop'));
  });

  const outside = (): Promise<string[]> => listTree(join(folder.path, 'outside'));

  it.each(['folder/secret', 'file', 'within/object', 'dangling', 'loop', 'loop/x', 'folder', 'folder/sub/x'])(
    'are not followed for reading or deleting %s',
    async (key) => {
      await assertFails(store.open(key), 'NOT_FOUND');
      await assertFails(store.delete(key), 'NOT_FOUND');
      expect(await outside()).toEqual(['secret', 'sub/']);
    },
  );

  it.each(['folder/new', 'folder/secret', 'folder/sub/new', 'folder/new/new', 'file', 'within/object', 'within/new'])(
    'are not followed for writing %s',
    async (key) => {
      await assertFails(put(store, key, 10), 'KEY_CONFLICT');
      await assertFails(put(store, key, 10, { ifNoneMatch: '*' }), 'KEY_CONFLICT', 'PRECONDITION_FAILED');
      expect(await outside()).toEqual(['secret', 'sub/']);
      expect(await readFile(join(folder.path, 'outside/secret'), 'utf8')).toBe('secret');
      assertPattern(await readObject(store, 'inside/object'), 10, 1);
    },
  );

  it.each(['dangling', 'dangling/new', 'loop', 'loop/new'])('are not filled for %s', async (key) => {
    await assertFails(put(store, key, 10), 'KEY_CONFLICT');
    expect(await listKeys(store)).toEqual(['inside/object']);
  });

  it('are not listed', async () => {
    expect(await listKeys(store)).toEqual(['inside/object']);
    expect(await listKeys(store, { prefix: 'folder/' })).toEqual([]);
  });

  it('that take the place of a folder while a transfer runs do not lead it away', async () => {
    const sink = await store.createSink('inside/new');
    await rename(join(root, 'inside'), join(root, 'moved'));
    await symlink(join(folder.path, 'outside'), join(root, 'inside'));
    await assertFails(ingestStream(patternSource(10), sink), 'KEY_CONFLICT');
    await assertFails(store.open('inside/secret'), 'NOT_FOUND');
    expect(await outside()).toEqual(['secret', 'sub/']);
  });

  it('may be the root itself, or lie above it', async () => {
    await symlink(root, join(folder.path, 'alias'));
    const aliased = fsStore({ root: join(folder.path, 'alias') });
    assertPattern(await readObject(aliased, 'inside/object'), 10, 1);
    await put(aliased, 'inside/other', 20);
    assertPattern(await readObject(store, 'inside/other'), 20, 1);
    await aliased.close();
  });

  it("may not be the store's own folder", async () => {
    const other = join(folder.path, 'other');
    await mkdir(other);
    await symlink(join(folder.path, 'outside'), join(other, '.stream-ingestion'));
    await assertFails(fsStore({ root: other }).start(), 'STORE_UNAVAILABLE');
  });
});

describe('keys in the way of each other', () => {
  it('are refused, and what was there stays', async () => {
    await put(store, 'a', 10, { seed: 1 });
    await put(store, 'b/c', 20, { seed: 2 });
    await assertFails(put(store, 'a/x', 10), 'KEY_CONFLICT');
    await assertFails(put(store, 'a/x/y', 10, { ifNoneMatch: '*' }), 'KEY_CONFLICT');
    await assertFails(put(store, 'b', 10), 'KEY_CONFLICT');
    assertPattern(await readObject(store, 'a'), 10, 1);
    assertPattern(await readObject(store, 'b/c'), 20, 2);
    expect(await listKeys(store)).toEqual(['a', 'b/c']);
  });

  it('are decided when the object becomes visible', async () => {
    const sink = await store.createSink('a/b');
    await put(store, 'a', 10);
    await assertFails(ingestStream(patternSource(10), sink), 'KEY_CONFLICT');
    expect(await listKeys(store)).toEqual(['a']);
  });
});

describe('sidecars', () => {
  it('are named after key, size and time of the file that they describe', async () => {
    await put(store, 'object', 1234, { digests: ['sha256'] });
    const { mtimeNs } = await stat(join(root, 'object'), { bigint: true });
    const hash = createHash('sha256').update('object').digest('hex');
    const name = `${hash.slice(0, 2)}/${hash}-1234-${mtimeNs}.json`;
    expect(await sidecarsIn()).toEqual([name]);
    const text = await readFile(join(root, '.stream-ingestion/meta', name), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ format: 1, key: 'object', size: 1234 });
  });

  it('are found again after files and sidecars were copied with their times', async () => {
    const { result } = await put(store, 'below/object', 1000, { digests: ['sha256'], metadata: { a: 'b' } });
    const copy = join(folder.path, 'copy');
    execFileSync('cp', ['-a', root, copy]);
    const copied = fsStore({ root: copy });
    const { created: _, ...info } = result;
    expect(await statObject(copied, 'below/object')).toEqual(info);
    await copied.close();
  });

  it('that are damaged count as missing', async () => {
    await put(store, 'object', 1000, { metadata: { a: 'b' } });
    const [name = ''] = await sidecarsIn();
    await writeFile(join(root, '.stream-ingestion/meta', name), '{"format":1,');
    const fresh = fsStore({ root });
    expect(await statObject(fresh, 'object')).toMatchObject({ size: 1000, metadata: {} });
    assertPattern(await readObject(fresh, 'object'), 1000, 1);
    await fresh.close();
  });

  it('of another key count as missing', async () => {
    await put(store, 'object', 1000, { metadata: { a: 'b' } });
    const [name = ''] = await sidecarsIn();
    const path = join(root, '.stream-ingestion/meta', name);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"object"', '"other"'));
    const fresh = fsStore({ root });
    expect((await statObject(fresh, 'object')).metadata).toEqual({});
    await fresh.close();
  });
});

describe('the root', () => {
  it('is made where it is missing', async () => {
    const deep = fsStore({ root: join(folder.path, 'x/y/z') });
    await put(deep, 'object', 10);
    await deep.close();
    expect((await stat(join(folder.path, 'x/y/z/object'))).size).toBe(10);
  });

  it('must be a directory', async () => {
    await writeFile(join(folder.path, 'file'), '');
    await assertFails(fsStore({ root: join(folder.path, 'file') }).start(), 'STORE_UNAVAILABLE', 'KEY_CONFLICT');
  });

  it('that has gone makes the store unavailable, and comes back with it', async () => {
    await store.start();
    await rename(root, join(folder.path, 'unmounted'));
    await assertFails(store.check(), 'STORE_UNAVAILABLE');
    await rename(join(folder.path, 'unmounted'), root);
    expect((await store.check()).writable).toBe(true);
  });

  it('may be used by several stores at once', async () => {
    const other = fsStore({ root });
    const writes = Array.from({ length: 20 }, (_, seed) =>
      put(seed % 2 === 0 ? store : other, 'shared/object', 100, { seed, ifNoneMatch: '*' }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await sidecarsIn()).toHaveLength(1);
    await other.close();
  });

  it('that this process may not write makes the store say so', async () => {
    await store.start();
    const [own = ''] = await listTree(join(root, '.stream-ingestion/tmp'));
    await rm(join(root, '.stream-ingestion/tmp', own), { recursive: true });
    await chmod(join(root, '.stream-ingestion/tmp'), 0o500);
    const { writable, detail } = await store.check();
    // The superuser may write everywhere.
    expect({ writable, detail }).toEqual(
      process.getuid?.() === 0
        ? { writable: true, detail: undefined }
        : { writable: false, detail: 'the file system refused a probe file (EACCES)' },
    );
    await chmod(join(root, '.stream-ingestion/tmp'), 0o700);
  });

  it('may hold second names of the same file', async () => {
    await put(store, 'object', 10);
    await link(join(root, 'object'), join(root, 'second'));
    await put(store, 'object', 20, { seed: 2 });
    assertPattern(await readObject(store, 'second'), 10, 1);
    assertPattern(await readObject(store, 'object'), 20, 2);
  });
});
