import { dirname } from 'node:path';
import type { FileHandle } from 'node:fs/promises';

import type { FileSystem } from './file-system.js';

/**
 * Whether an open file is the one that its path names without any symbolic link on the way. Where the system can say
 * which file a descriptor is (Linux), the answer is about that very file; elsewhere it is about the directory.
 */
export async function isContained(fs: FileSystem, handle: FileHandle, path: string): Promise<boolean> {
  let actual;
  try {
    actual = await fs.readlink(`/proc/self/fd/${handle.fd}`);
  } catch {
    return isRealDirectory(fs, dirname(path));
  }
  // The suffix: replaced or deleted since it was opened.
  return actual === path || actual === `${path} (deleted)`;
}

/** Whether a path leads to itself: no symbolic link in it. False, too, where there is nothing. */
export async function isRealDirectory(fs: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fs.realpath(path)) === path;
  } catch {
    return false;
  }
}
