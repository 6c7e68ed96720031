import { setImmediate as nextTurn } from 'node:timers/promises';

import { DirectorySync } from './directory-sync.js';
import { nodeFileSystem, type FileSystem } from './file-system.js';

interface Running {
  readonly path: string;
  settle(error?: Error): void;
}

/** A file system whose fsync of a directory ends when the test says so. */
function slowFileSystem(): { fs: FileSystem; running: Running[] } {
  const running: Running[] = [];
  const open = (path: string): Promise<unknown> =>
    Promise.resolve({
      sync: () =>
        new Promise<void>((resolve, reject) => {
          running.push({ path, settle: (error) => (error === undefined ? resolve() : reject(error)) });
        }),
      close: () => Promise.resolve(),
    });
  return { fs: { ...nodeFileSystem, open: open as unknown as FileSystem['open'] }, running };
}

const failed = (code: string): Error => Object.assign(new Error(code), { code });

describe('sync of directories', () => {
  it('is shared by those who come while one is running, and begins after the last of them', async () => {
    const { fs, running } = slowFileSystem();
    const sync = new DirectorySync(fs, { enabled: true });
    const settled: string[] = [];
    const ask = (name: string): Promise<void> => sync.sync('/a').then(() => void settled.push(name));
    const first = ask('first');
    await nextTurn();
    const later = [ask('second'), ask('third'), ask('fourth')];
    await nextTurn();
    expect(running).toHaveLength(1);
    running[0]?.settle();
    await first;
    await nextTurn();
    expect(settled).toEqual(['first']);
    expect(running).toHaveLength(2);
    running[1]?.settle();
    await Promise.all(later);
    expect(running).toHaveLength(2);
  });

  it('does not wait for other directories', async () => {
    const { fs, running } = slowFileSystem();
    const sync = new DirectorySync(fs, { enabled: true });
    const asked = [sync.sync('/a'), sync.sync('/b')];
    await nextTurn();
    expect(running.map(({ path }) => path)).toEqual(['/a', '/b']);
    running.forEach(({ settle }) => settle());
    await Promise.all(asked);
  });

  it('fails all who shared it, and only them', async () => {
    const { fs, running } = slowFileSystem();
    const sync = new DirectorySync(fs, { enabled: true });
    const first = sync.sync('/a');
    await nextTurn();
    const shared = Promise.allSettled([sync.sync('/a'), sync.sync('/a')]);
    running[0]?.settle();
    await expect(first).resolves.toBe(true);
    await nextTurn();
    running[1]?.settle(failed('EIO'));
    expect((await shared).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const last = sync.sync('/a');
    await nextTurn();
    running[2]?.settle();
    await expect(last).resolves.toBe(true);
  });

  it('goes on after a failure that others were waiting behind', async () => {
    const { fs, running } = slowFileSystem();
    const sync = new DirectorySync(fs, { enabled: true });
    const first = sync.sync('/a');
    await nextTurn();
    const second = sync.sync('/a');
    running[0]?.settle(failed('EIO'));
    await expect(first).rejects.toMatchObject({ code: 'EIO' });
    await nextTurn();
    running[1]?.settle();
    await expect(second).resolves.toBe(true);
  });

  it('takes a file system that cannot sync directories as it is', async () => {
    const { fs, running } = slowFileSystem();
    const asked = new DirectorySync(fs, { enabled: true }).sync('/a');
    await nextTurn();
    running[0]?.settle(failed('EINVAL'));
    await expect(asked).resolves.toBe(true);
  });

  it('says where a directory is no longer there', async () => {
    const sync = new DirectorySync(nodeFileSystem, { enabled: true });
    await expect(sync.sync('/no/such/directory')).resolves.toBe(false);
    await expect(sync.sync('/')).resolves.toBe(true);
  });

  it('does nothing where it is switched off', async () => {
    const { fs, running } = slowFileSystem();
    await new DirectorySync(fs, { enabled: false }).sync('/a');
    expect(running).toEqual([]);
  });
});
