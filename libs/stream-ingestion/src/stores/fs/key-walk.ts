import { join } from 'node:path';

import { compareKeys } from '../../store-kit/index.js';
import { isRealDirectory } from './containment.js';
import type { FileSystem } from './file-system.js';
import { systemCodeOf } from './fs-failure.js';
import { isPortableKey } from './portable-key.js';

const READ_AHEAD_ENTRIES = 512;

export interface KeyWalkRequest {
  /** Only keys that begin with it. */
  readonly prefix: string;
  /** Only keys that come after it. */
  readonly after: string | undefined;
  /** How many names of a directory are held at once; more than that are read again. */
  readonly windowEntries: number;
}

/** Key of a file, or of a directory with a slash at its end: whole keys compare as these do. */
type Entry = string;

interface Level {
  readonly directory: string;
  window: Entry[];
  /** Names up to this one were in an earlier window. */
  seen: Entry | undefined;
  exhausted: boolean;
}

/**
 * Keys in the order of their UTF-8 bytes, with a bounded number of names in memory however large a directory is.
 * Symbolic links are not followed, and files whose names are no keys are passed over.
 */
export async function* walkKeys(fs: FileSystem, root: string, request: KeyWalkRequest): AsyncGenerator<string> {
  const { prefix } = request;
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (
    start !== '' &&
    !(isPortableKey(start.slice(0, -1)) && (await isRealDirectory(fs, join(root, start.slice(0, -1)))))
  ) {
    return;
  }
  const levels: Level[] = [newLevel(start)];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const entry = level.window.shift();
    if (entry !== undefined) {
      if (entry.endsWith('/')) levels.push(newLevel(entry));
      else yield entry;
    } else if (level.exhausted) {
      levels.pop();
    } else {
      await fillWindow(fs, root, level, request);
    }
  }
}

function newLevel(directory: string): Level {
  return { directory, window: [], seen: undefined, exhausted: false };
}

async function fillWindow(fs: FileSystem, root: string, level: Level, request: KeyWalkRequest): Promise<void> {
  const { windowEntries } = request;
  let smallest: Entry[] = [];
  let bound: Entry | undefined;
  let dropped = false;
  const keepSmallest = (): void => {
    smallest.sort(compareKeys);
    if (smallest.length <= windowEntries) return;
    dropped = true;
    smallest = smallest.slice(0, windowEntries);
    bound = smallest.at(-1);
  };
  for await (const entry of entriesOf(fs, root, level.directory)) {
    if (level.seen !== undefined && compareKeys(entry, level.seen) <= 0) continue;
    if (bound !== undefined && compareKeys(entry, bound) > 0) continue;
    if (!mayHoldKeys(entry, request)) continue;
    smallest.push(entry);
    if (smallest.length >= 2 * windowEntries) keepSmallest();
  }
  keepSmallest();
  level.window = smallest;
  level.seen = smallest.at(-1);
  level.exhausted = !dropped;
}

async function* entriesOf(fs: FileSystem, root: string, directory: string): AsyncGenerator<Entry> {
  try {
    for await (const found of await fs.opendir(join(root, directory), { bufferSize: READ_AHEAD_ENTRIES })) {
      const key = directory + found.name;
      if (found.isFile()) yield key;
      else if (found.isDirectory()) yield `${key}/`;
    }
  } catch (error) {
    // Pruned, or replaced by a file, since its name was read.
    const systemCode = systemCodeOf(error);
    if (systemCode !== 'ENOENT' && systemCode !== 'ENOTDIR') throw error;
  }
}

function mayHoldKeys(entry: Entry, { prefix, after }: KeyWalkRequest): boolean {
  const isDirectory = entry.endsWith('/');
  if (!entry.startsWith(prefix) && !(isDirectory && prefix.startsWith(entry))) return false;
  if (after !== undefined && compareKeys(entry, after) <= 0 && !(isDirectory && after.startsWith(entry))) return false;
  return isPortableKey(isDirectory ? entry.slice(0, -1) : entry);
}
