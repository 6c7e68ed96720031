import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { fileError, problemWith } from './file-error.js';
import { fileNameOf, type Location } from './location.js';
import { statIfThere } from './stat-if-there.js';

/** Where the bytes of one source go. */
export type Target =
  | { readonly kind: 'stdout' }
  /** A regular file, or none yet; `path` is no symbolic link. */
  | { readonly kind: 'file'; readonly path: string }
  /** A device or a named pipe, which is written to as it is. */
  | { readonly kind: 'device' | 'pipe'; readonly path: string };

export type Destination = Exclude<Location, { kind: 'http' }>;

/** @throws KEY_CONFLICT, NOT_FOUND where several sources cannot go there. */
export async function assertDirectory({ path }: { readonly path: string }): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError('destination.open', path, error, 'SINK_FAILED');
  });
  if (!found.isDirectory()) throw problemWith('destination.open', path, 'is not a directory', 'KEY_CONFLICT');
}

/**
 * Looks at the file system without touching it. A directory gets a file named like the source.
 *
 * @throws NOT_FOUND for a directory that is not there, KEY_CONFLICT for what cannot be a file.
 */
export async function findTarget(source: Location, destination: Destination): Promise<Target> {
  if (destination.kind === 'stdio') return { kind: 'stdout' };
  const { path } = destination;
  try {
    const found = await statIfThere(path);
    const isDirectory = found?.isDirectory() ?? /[/\\]$/.test(path);
    return await targetAt(isDirectory ? join(path, fileNameOf(source)) : path);
  } catch (error) {
    throw fileError('destination.open', path, error, 'SINK_FAILED');
  }
}

async function targetAt(path: string): Promise<Target> {
  const found = await statIfThere(path);
  if (found === undefined) {
    await assertDirectory({ path: dirname(path) });
    if (await isLink(path)) throw problemWith('destination.open', path, 'is a link to nothing', 'KEY_CONFLICT');
    return { kind: 'file', path };
  }
  if (found.isDirectory()) throw problemWith('destination.open', path, 'is a directory', 'KEY_CONFLICT');
  // Replaced is what a link leads to, not the link.
  if (found.isFile()) return { kind: 'file', path: (await isLink(path)) ? await realpath(path) : path };
  return { kind: found.isFIFO() ? 'pipe' : 'device', path };
}

async function isLink(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() ?? false;
}
