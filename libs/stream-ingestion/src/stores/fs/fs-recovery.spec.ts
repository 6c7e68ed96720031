import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { assertPattern, listKeys, put, readObject, statObject, writePattern } from '../../testing/index.js';
import { fsStore, type FsStore } from './index.js';
import { listTree, temporaryFolder, type TemporaryFolder } from './spec-support/temporary-folder.js';

let folder: TemporaryFolder;
let temporary: string;
let meta: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  temporary = join(folder.path, '.stream-ingestion/tmp');
  meta = join(folder.path, '.stream-ingestion/meta');
});

afterEach(() => folder.remove());

const start = async (): Promise<FsStore> => {
  const store = fsStore({ root: folder.path });
  await store.start();
  return store;
};

const filesIn = async (path: string): Promise<string[]> => (await listTree(path)).filter((name) => !name.endsWith('/'));

/** Name that a store in another process of this machine has for its folder. */
async function nameOf(child: ChildProcess): Promise<string> {
  const store = await start();
  const own = (await readdir(temporary)).find((name) => name.startsWith(`${process.pid}-`)) ?? '';
  await store.close();
  const statLine = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const startedAt = statLine.slice(statLine.lastIndexOf(')') + 2).split(' ')[19];
  return [child.pid, startedAt, own.split('-')[2], 'aaaaaaaaaaaa'].join('-');
}

async function runningChild(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  return child;
}

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('temporary files that are left over', () => {
  onLinux('stay as long as their process runs, and go when it does not', async () => {
    const child = await runningChild();
    const name = await nameOf(child);
    await mkdir(join(temporary, name));
    await writeFile(join(temporary, name, '1.part'), 'unfinished');
    // However long it has been silent: it may have been suspended.
    await utimes(join(temporary, name), 1, 1);

    await (await start()).close();
    expect(await filesIn(temporary)).toEqual([`${name}/1.part`]);

    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await start()).close();
    expect(await listTree(temporary)).toEqual([]);
  });

  onLinux('go when another process has the id of theirs', async () => {
    const child = await runningChild();
    const [pid, , scope, nonce] = (await nameOf(child)).split('-');
    await mkdir(join(temporary, [pid, '1', scope, nonce].join('-')));
    await (await start()).close();
    expect(await listTree(temporary)).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('of another machine go once it has been silent for a quarter of an hour', async () => {
    const silent = '1-1-000000000000-aaaaaaaaaaaa';
    const beating = '2-1-000000000000-aaaaaaaaaaaa';
    for (const name of [silent, beating, 'unknown']) {
      await mkdir(join(temporary, name), { recursive: true });
      await writeFile(join(temporary, name, '1.part'), 'unfinished');
    }
    const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
    await utimes(join(temporary, silent), minutesAgo(16), minutesAgo(16));
    await utimes(join(temporary, beating), minutesAgo(14), minutesAgo(14));
    await utimes(join(temporary, 'unknown'), minutesAgo(16), minutesAgo(16));
    await (await start()).close();
    expect(await filesIn(temporary)).toEqual([`${beating}/1.part`]);
  });

  it('of another store in this process stay', async () => {
    const first = await start();
    const sink = await first.createSink('object');
    await writePattern(sink, 1000, 1);
    const second = await start();
    await sink.finalize({ bytes: 1000, digests: {} }, new AbortController().signal);
    assertPattern(await readObject(second, 'object'), 1000, 1);
    await first.close();
    await second.close();
    expect(await listTree(temporary)).toEqual([]);
  });

  it('are made anew where another process has taken a suspended one for dead', async () => {
    const store = await start();
    const sink = await store.createSink('early');
    const [own = ''] = await readdir(temporary);
    for (const name of await readdir(join(temporary, own))) await unlink(join(temporary, own, name));
    await rename(join(temporary, own), join(folder.path, 'swept'));

    await expect(
      Promise.resolve(sink.finalize({ bytes: 0, digests: {} }, new AbortController().signal)),
    ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await sink.abort('enough');
    await put(store, 'later', 10);
    expect(await filesIn(meta)).toHaveLength(1);
    await store.delete('later');
    expect(await filesIn(meta)).toEqual([]);
    await store.close();
  });
});

describe('a finalize that a crash has cut off', () => {
  const DEAD = '1-1-000000000000-aaaaaaaaaaaa';

  /** Puts a draft of the object's sidecar back, as it is while a transfer is under way, into a dead process's folder. */
  async function withDraft(sidecar: string): Promise<void> {
    await mkdir(join(temporary, DEAD), { recursive: true });
    await link(join(meta, sidecar), join(temporary, DEAD, '1.json'));
    await utimes(join(temporary, DEAD), 1, 1);
  }

  it('before the object was visible leaves nothing', async () => {
    const store = await start();
    await put(store, 'folder/object', 1000);
    const [sidecar = ''] = await filesIn(meta);
    await mkdir(join(temporary, DEAD), { recursive: true });
    await rename(join(folder.path, 'folder/object'), join(temporary, DEAD, '1.part'));
    await withDraft(sidecar);
    const later = await start();
    expect(await listKeys(later)).toEqual([]);
    expect((await listTree(folder.path)).filter((path) => /folder|json$|part$/.test(path))).toEqual([]);
    await store.close();
    await later.close();
  });

  it('before the old version was cleaned up leaves the new one alone', async () => {
    const store = await start();
    await put(store, 'object', 1000, { seed: 1 });
    const [old = ''] = await filesIn(meta);
    await link(join(meta, old), join(folder.path, 'kept-sidecar'));
    const { result } = await put(store, 'object', 1000, { seed: 2, digests: ['sha256'] });
    const [present = ''] = await filesIn(meta);
    await rename(join(folder.path, 'kept-sidecar'), join(meta, old));
    await mkdir(join(temporary, DEAD), { recursive: true });
    await writeFile(join(temporary, DEAD, '1.old'), 'backup');
    await withDraft(present);
    const later = await start();
    expect(await filesIn(meta)).toEqual([present]);
    expect(await filesIn(temporary)).toEqual([]);
    expect((await statObject(later, 'object')).digests).toEqual(result.digests);
    await store.close();
    await later.close();
  });
});

describe('sidecars without a file', () => {
  it('are removed, and no others', async () => {
    const store = await start();
    for (const key of ['kept', 'removed', 'changed', 'folder/removed']) await put(store, key, 1000);
    await unlink(join(folder.path, 'removed'));
    await unlink(join(folder.path, 'folder/removed'));
    await writeFile(join(folder.path, 'changed'), 'changed');
    await writeFile(join(meta, 'not-a-shard'), '');
    await mkdir(join(meta, 'zz'), { recursive: true });
    await writeFile(join(meta, 'zz', 'zz-damaged.json'), '{');
    expect(await filesIn(meta)).toHaveLength(6);
    expect(await store.sweep()).toBe(4);
    const { etag } = await statObject(store, 'kept');
    expect(etag).toMatch(/^[0-9a-f]{32}$/);
    expect((await filesIn(meta)).filter((path) => path.endsWith('.json'))).toHaveLength(1);
    expect(await store.sweep()).toBe(0);
    await store.close();
  });

  it('are removed in the background of a start', async () => {
    const store = await start();
    await put(store, 'removed', 1000);
    await unlink(join(folder.path, 'removed'));
    await store.close();
    const later = await start();
    for (let waited = 0; waited < 200 && (await filesIn(meta)).length > 0; waited += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(await filesIn(meta)).toEqual([]);
    await later.close();
  });

  it('stay while their transfer is under way', async () => {
    const store = await start();
    const puts = Promise.all(Array.from({ length: 40 }, (_, index) => put(store, `object-${index}`, 2000)));
    let sweeping = true;
    const sweeps = (async () => {
      let removed = 0;
      while (sweeping) removed += await store.sweep();
      return removed;
    })();
    await puts;
    sweeping = false;
    expect(await sweeps).toBe(0);
    expect(await filesIn(meta)).toHaveLength(40);
    await store.close();
  });
});
