import type { FileHandle } from 'node:fs/promises';

import type { DirectorySync } from './directory-sync.js';
import { identityOf, sidecarName, type FileIdentity } from './file-identity.js';
import type { FileSystem } from './file-system.js';
import { systemCodeOf } from './fs-failure.js';
import { sidecarPrefix, type FsLayout } from './fs-layout.js';
import { LeastRecentlyUsed } from './least-recently-used.js';
import { decodeSidecar, encodeSidecar, type Sidecar } from './sidecar.js';
import type { VersionClock } from './version-clock.js';

const MAX_CLAIMS = 32;

export interface SidecarFolderParts {
  readonly fs: FileSystem;
  readonly sync: DirectorySync;
  readonly layout: FsLayout;
  readonly clock: VersionClock;
  readonly fsync: boolean;
  readonly fileMode: number;
  readonly directoryMode: number;
  readonly cachedSidecars: number;
}

/**
 * Attributes and digests of objects, one small file for each version. Its name holds the identity of the version, so
 * what was read under a name stays true, and nobody ever sees attributes of one version with bytes of another.
 */
export class SidecarFolder {
  readonly #parts: SidecarFolderParts;
  readonly #cache: LeastRecentlyUsed<Sidecar>;

  constructor(parts: SidecarFolderParts) {
    this.#parts = parts;
    this.#cache = new LeastRecentlyUsed(parts.cachedSidecars);
  }

  /** @returns undefined where there is none, or none that can be read. */
  async load(key: string, identity: FileIdentity): Promise<Sidecar | undefined> {
    const name = sidecarName(key, identity);
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const sidecar = await this.read(this.#parts.layout.sidecarPath(name));
    if (sidecar?.key !== key || sidecar.size !== identity.size) return undefined;
    this.#cache.set(name, sidecar);
    return sidecar;
  }

  async read(path: string): Promise<Sidecar | undefined> {
    try {
      return decodeSidecar(await this.#parts.fs.readFile(path, 'utf8'));
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Writes a sidecar under a temporary name. Complete and durable when it resolves. */
  async draft(path: string, sidecar: Sidecar): Promise<void> {
    const { fs, fsync, fileMode } = this.#parts;
    const handle = await fs.open(path, 'wx', fileMode);
    try {
      await handle.writeFile(encodeSidecar(sidecar));
      if (fsync) await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Gives a file that is complete but not yet synced the modification time by which its version will be known. */
  async stamp(handle: FileHandle, leastStepMicros?: number): Promise<FileIdentity> {
    const seconds = this.#parts.clock.next(leastStepMicros);
    await handle.utimes(seconds, seconds);
    return identityOf(await handle.stat({ bigint: true }));
  }

  /**
   * Puts a drafted sidecar into place for a file that is not visible yet. The draft stays, as a second link: while it
   * is there, a sweep knows that the sidecar's file is still to come. Not durable before {@link sync}.
   *
   * @returns the identity under which it stands. It is another one than `identity`, and the file is to be synced
   * again, where a version of that very size and time has a sidecar already.
   */
  async claim(draftPath: string, key: string, handle: FileHandle, identity: FileIdentity): Promise<FileIdentity> {
    let claimed = identity;
    for (let attempt = 1; !(await this.#link(draftPath, sidecarName(key, claimed))); attempt += 1) {
      if (attempt === MAX_CLAIMS) throw new Error('no modification time is free');
      // The step doubles, for file systems that keep whole seconds only.
      claimed = await this.stamp(handle, 2 ** attempt);
    }
    return claimed;
  }

  /** Makes the claim durable. */
  async sync(key: string): Promise<void> {
    await this.#parts.sync.sync(this.#parts.layout.shardPath(sidecarPrefix(key)));
  }

  async remove(name: string): Promise<void> {
    this.#cache.delete(name);
    try {
      await this.#parts.fs.unlink(this.#parts.layout.sidecarPath(name));
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
    }
  }

  /** @returns false where the name is taken. */
  async #link(draftPath: string, name: string): Promise<boolean> {
    const { fs, layout, sync, directoryMode } = this.#parts;
    const link = (): Promise<void> => fs.link(draftPath, layout.sidecarPath(name));
    try {
      await link().catch(async (error: unknown) => {
        if (systemCodeOf(error) !== 'ENOENT') throw error;
        await fs.mkdir(layout.shardPath(name), { recursive: true, mode: directoryMode });
        await sync.sync(layout.sidecarFolder);
        await link();
      });
      return true;
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }
}
