import { basename, join } from 'node:path';

import { sidecarName } from './file-identity.js';
import type { FileSystem } from './file-system.js';
import { quietly } from './fs-failure.js';
import { sidecarPrefix, type FsLayout } from './fs-layout.js';
import type { ObjectLookup } from './object-lookup.js';
import type { ParentDirectories } from './parent-directories.js';
import type { SidecarFolder } from './sidecar-folder.js';

export interface SidecarSweepParts {
  readonly fs: FileSystem;
  readonly layout: FsLayout;
  readonly lookup: ObjectLookup;
  readonly sidecars: SidecarFolder;
  readonly directories: ParentDirectories;
}

/** Finds sidecars that describe no file: left by a crash, or by another program that has changed or removed a file. */
export class SidecarSweep {
  readonly #parts: SidecarSweepParts;

  constructor(parts: SidecarSweepParts) {
    this.#parts = parts;
  }

  /** Brings the one key in order whose finalizing a dead process did not live to finish; removes its draft. */
  async recover(draftPath: string): Promise<void> {
    const { fs, layout, sidecars, directories } = this.#parts;
    const draft = await sidecars.read(draftPath);
    await quietly(fs.unlink(draftPath));
    // One that cannot be read was never complete, and so was never put into place.
    if (draft === undefined) return;
    const prefix = sidecarPrefix(draft.key);
    for (const name of await this.#namesIn(layout.shardPath(prefix))) {
      if (name.startsWith(prefix)) await this.#removeIfOrphan(join(layout.shardPath(prefix), name));
    }
    await directories.prune(layout.parentPath(draft.key));
  }

  /**
   * Goes through all sidecars.
   *
   * @returns how many were removed.
   */
  async sweep(signal: AbortSignal): Promise<number> {
    const { layout } = this.#parts;
    let removed = 0;
    for (const shard of await this.#namesIn(layout.sidecarFolder)) {
      const folder = join(layout.sidecarFolder, shard);
      for (const name of await this.#namesIn(folder)) {
        if (signal.aborted) return removed;
        if (await this.#removeIfOrphan(join(folder, name))) removed += 1;
      }
    }
    return removed;
  }

  async #namesIn(folder: string): Promise<string[]> {
    return this.#parts.fs.readdir(folder).catch(() => []);
  }

  async #removeIfOrphan(path: string): Promise<boolean> {
    const { fs, lookup, sidecars } = this.#parts;
    try {
      // With a second link its draft is still there: its transfer is under way, and its file is to come.
      if ((await fs.lstat(path)).nlink > 1) return false;
      const sidecar = await sidecars.read(path);
      if (sidecar !== undefined) {
        const file = await lookup.find(sidecar.key);
        if (typeof file !== 'string' && sidecarName(sidecar.key, file) === basename(path)) return false;
      }
      await sidecars.remove(basename(path));
      return true;
    } catch {
      // Gone meanwhile, or not to be read: the next sweep sees.
      return false;
    }
  }
}
