import { dirname } from 'node:path';

import { isRealDirectory } from './containment.js';
import type { DirectorySync } from './directory-sync.js';
import { keyConflict, systemCodeOf } from './fs-failure.js';
import type { FileSystem } from './file-system.js';

const MAX_KNOWN = 10_000;

export interface ParentDirectoriesParts {
  readonly fs: FileSystem;
  readonly sync: DirectorySync;
  readonly root: string;
  readonly mode: number;
}

/** The directories between the root and the objects: there while an object needs them, and no longer. */
export class ParentDirectories {
  readonly #parts: ParentDirectoriesParts;
  /** Directories whose own names are durable. */
  readonly #durable = new Set<string>();

  constructor(parts: ParentDirectoriesParts) {
    this.#parts = parts;
    this.#durable.add(parts.root);
  }

  /**
   * Makes the directory and those above it, durably, and sees to it that none is a symbolic link.
   *
   * @throws KEY_CONFLICT where something else is in the way.
   */
  async ensure(path: string, key: string): Promise<void> {
    const { fs, root } = this.#parts;
    if (path === root) return;
    const missing: string[] = [];
    let ancestor = path;
    for (; ancestor !== root; ancestor = dirname(ancestor)) {
      const real = await this.#realPathOf(ancestor);
      if (real === ancestor) break;
      if (real !== undefined) throw keyConflict('fs.mkdir', key);
      missing.push(ancestor);
    }
    // From here up no link was seen, so what is made below stays below the root.
    for (const directory of missing.reverse()) await this.#make(directory);
    await this.#makeDurable(path);
    if (missing.length > 0 && !(await isRealDirectory(fs, path))) throw keyConflict('fs.mkdir', key);
  }

  /**
   * Removes the directory, and those above it, as far as they are empty.
   *
   * @returns the lowest one that stays.
   */
  async prune(path: string): Promise<string> {
    const { fs, root } = this.#parts;
    let directory = path;
    // Behind a link nothing is ours to remove. Where the lowest that exists is none, those above it are none either.
    for (; directory !== root; directory = dirname(directory)) {
      const real = await this.#realPathOf(directory).catch(() => '');
      if (real === directory) break;
      if (real !== undefined) return directory;
      this.#durable.delete(directory);
    }
    for (; directory !== root; directory = dirname(directory)) {
      this.#durable.delete(directory);
      try {
        await fs.rmdir(directory);
      } catch (error) {
        if (systemCodeOf(error) !== 'ENOENT') return directory;
      }
    }
    return root;
  }

  async #realPathOf(path: string): Promise<string | undefined> {
    try {
      return await this.#parts.fs.realpath(path);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #make(path: string): Promise<void> {
    try {
      await this.#parts.fs.mkdir(path, { mode: this.#parts.mode });
      this.#durable.delete(path);
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    }
  }

  /** Also where another caller, or another process, has made them just now: it may not have come to its fsync yet. */
  async #makeDurable(path: string): Promise<void> {
    const pending: string[] = [];
    for (let directory = path; !this.#durable.has(directory); directory = dirname(directory)) pending.push(directory);
    const stillThere = await Promise.all(pending.map((directory) => this.#parts.sync.sync(dirname(directory))));
    // Pruned meanwhile: whoever places a file there will find out.
    if (stillThere.includes(false)) return;
    if (this.#durable.size + pending.length > MAX_KNOWN) this.#durable.clear();
    for (const directory of [this.#parts.root, ...pending]) this.#durable.add(directory);
  }
}
