import { mkdir, readdir, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import {
  assertFails,
  assertPattern,
  listKeys,
  neverAborted,
  put,
  readObject,
  statObject,
  writePattern,
} from '../../testing/index.js';
import { FsStore } from './index.js';
import { listTree, temporaryFolder, type TemporaryFolder } from './spec-support/temporary-folder.js';
import { watchedFileSystem } from './spec-support/watched-file-system.js';

let folder: TemporaryFolder;
let store: FsStore;
let events: string[];
/** What another process does right before a call of this one, once. */
let intrusions: { readonly call: RegExp; readonly act: () => Promise<unknown> }[];

const object = (key: string): string => join(folder.path, key);
const before = (call: string, key: string, act: () => Promise<unknown>): void => {
  intrusions.push({ call: new RegExp(`^${call} ${object(key)}$`), act });
};

beforeEach(async () => {
  folder = await temporaryFolder();
  intrusions = [];
  events = [];
  const fileSystem = watchedFileSystem({
    async before(name, path) {
      const event = `${name} ${path}`;
      events.push(event);
      const index = intrusions.findIndex(({ call }) => call.test(event));
      const [intrusion] = index === -1 ? [] : intrusions.splice(index, 1);
      await intrusion?.act();
    },
  });
  store = new FsStore({ root: folder.path }, fileSystem);
  await store.start();
});

afterEach(async () => {
  expect(intrusions).toEqual([]);
  await store.close();
  await folder.remove();
});

describe('while another process works on the same root', () => {
  it('makes a folder again that was pruned before the object came into it', async () => {
    before('link', 'a/b/object', async () => {
      await rmdir(object('a/b'));
      await rmdir(object('a'));
    });
    await put(store, 'a/b/object', 100);
    assertPattern(await readObject(store, 'a/b/object'), 100, 1);
  });

  it('replaces what was created since it looked', async () => {
    before('link', 'object', () => writeFile(object('object'), 'theirs'));
    const { result } = await put(store, 'object', 100);
    expect(result.created).toBe(false);
    assertPattern(await readObject(store, 'object'), 100, 1);
  });

  it('creates what was deleted since it looked', async () => {
    await put(store, 'object', 50);
    before('rename', 'object', () => unlink(object('object')));
    await put(store, 'object', 100, { seed: 2 });
    assertPattern(await readObject(store, 'object'), 100, 2);
  });

  it('does not create what was created since it looked, where it may only create', async () => {
    before('link', 'object', () => writeFile(object('object'), 'theirs'));
    await assertFails(put(store, 'object', 100, { ifNoneMatch: '*' }), 'PRECONDITION_FAILED');
    expect((await readObject(store, 'object')).toString()).toBe('theirs');
  });

  it('refuses where a folder has come into the way', async () => {
    before('link', 'object', () => mkdir(object('object')));
    await assertFails(put(store, 'object', 100), 'KEY_CONFLICT');
  });

  it('fails at once where its temporary file was taken away', async () => {
    const temporary = join(folder.path, '.stream-ingestion/tmp');
    before('link', 'object', async () => {
      const [own = ''] = await readdir(temporary);
      await rm(join(temporary, own), { recursive: true });
    });
    await assertFails(put(store, 'object', 100), 'STORE_UNAVAILABLE');
    expect(events.filter((event) => event === `link ${object('object')}`)).toHaveLength(1);
    expect(await listKeys(store)).toEqual([]);
  });

  it('deletes where another one prunes the same folders', async () => {
    await put(store, 'a/b/object', 100);
    before('rmdir', 'a/b', () => rm(object('a'), { recursive: true }));
    await store.delete('a/b/object');
    expect(await listTree(folder.path)).not.toContain('a/');
  });

  it('describes the version that it opens where it is replaced meanwhile', async () => {
    await put(store, 'object', 100, { seed: 1, metadata: { version: 'one' } });
    const other = new FsStore({ root: folder.path });
    intrusions.push({
      call: /^readFile .*\.json$/,
      act: () => put(other, 'object', 100, { seed: 2, metadata: { version: 'two' } }),
    });
    const fresh = await statObject(store, 'object');
    expect(fresh.metadata).toEqual({ version: 'two' });
    assertPattern(await readObject(store, 'object'), 100, 2);
    await other.close();
  });
});

describe('while a transfer is being finalized', () => {
  it('keeps its sidecar from being swept', async () => {
    let removed = -1;
    before('link', 'folder/object', async () => {
      removed = await store.sweep();
    });
    await put(store, 'folder/object', 100, { metadata: { a: 'b' } });
    expect(removed).toBe(0);
    expect((await statObject(store, 'folder/object')).metadata).toEqual({ a: 'b' });
  });

  it('lets go until the very last moment', async () => {
    const abort = new AbortController();
    const sink = await store.createSink('folder/object');
    await writePattern(sink, 100, 1);
    before('realpath', 'folder', async () => abort.abort());
    await assertFails(Promise.resolve(sink.finalize({ bytes: 100, digests: {} }, abort.signal)), 'ABORTED');
    await sink.abort('enough');
    expect((await listTree(folder.path)).filter((path) => !path.startsWith('.'))).toEqual([]);
  });

  it('takes another time, and syncs the file again, where a version of that size and time has a sidecar', async () => {
    intrusions.push({
      call: /^link .*\/meta\/.*\.json$/,
      async act() {
        const taken = events.at(-1)?.slice('link '.length) ?? '';
        await mkdir(dirname(taken), { recursive: true });
        await writeFile(taken, 'theirs');
      },
    });
    const { result } = await put(store, 'object', 100, { metadata: { a: 'b' } });
    const onData = events.filter((event) => event.endsWith('.part')).map((event) => event.split(' ')[0]);
    expect(onData.filter((name) => name === 'file.utimes')).toHaveLength(2);
    expect(onData.lastIndexOf('file.sync')).toBeGreaterThan(onData.lastIndexOf('file.utimes'));
    expect(await statObject(store, 'object')).toMatchObject({ etag: result.etag, metadata: { a: 'b' } });
  });
});

describe('reserved space', () => {
  it('is free again when a transfer ends, however it ends and however little it wrote', async () => {
    const { freeBytes = 0 } = await store.check();
    const expectedBytes = Math.floor(freeBytes * 0.6);
    const finalized = await store.createSink('object', { expectedBytes });
    await assertFails(store.createSink('other', { expectedBytes }), 'NO_SPACE');
    await writePattern(finalized, 10, 1);
    await finalized.finalize({ bytes: 10, digests: {} }, neverAborted());
    const aborted = await store.createSink('object', { expectedBytes });
    await aborted.abort('enough');
    const last = await store.createSink('object', { expectedBytes });
    await last.abort('enough');
  });
});
