import type { StoreHealth } from '../../contracts/index.js';
import type { FsBackend } from './fs-backend.js';
import { NOT_WRITABLE, quietly, systemCodeOf } from './fs-failure.js';

const NOT_ALLOWED: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM']);
const PROBE = Buffer.alloc(4096, 'probe');

/** Bytes that this process may still use; what is kept for the superuser is not counted. */
export async function freeBytesOf({ fs, layout }: FsBackend): Promise<number> {
  const { bavail, bsize } = await fs.statfs(layout.root);
  return bavail * bsize;
}

/** Writes a small file and removes it. */
export async function probeHealth(backend: FsBackend): Promise<StoreHealth> {
  const freeBytes = await freeBytesOf(backend);
  const path = backend.temporaryArea.newPaths().data;
  try {
    const handle = await backend.temporaryArea.create(path);
    try {
      await handle.write(PROBE);
    } finally {
      await handle.close();
    }
    return { writable: true, freeBytes };
  } catch (error) {
    const systemCode = systemCodeOf(error);
    if (!NOT_WRITABLE.has(systemCode) && !NOT_ALLOWED.has(systemCode)) throw error;
    return { writable: false, freeBytes, detail: `the file system refused a probe file (${systemCode})` };
  } finally {
    await quietly(backend.fs.unlink(path));
  }
}
