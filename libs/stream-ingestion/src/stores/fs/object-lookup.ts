import { constants, type BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import { StreamIngestionError, type ObjectInfo } from '../../contracts/index.js';
import { isContained } from './containment.js';
import { identityOf, isSameFile, type FileIdentity } from './file-identity.js';
import type { FileSystem } from './file-system.js';
import { asFsFailure, notFound, systemCodeOf } from './fs-failure.js';
import type { FsLayout } from './fs-layout.js';
import { LeastRecentlyUsed } from './least-recently-used.js';
import type { SidecarFolder } from './sidecar-folder.js';
import { objectInfoOf, type Sidecar } from './sidecar.js';

// O_NONBLOCK: a named pipe that somebody has placed must not hold a thread until it has a writer.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NO_OBJECT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EMLINK']);
const MAX_ATTEMPTS = 100;

export type Finding = FileIdentity | 'absent' | 'obstacle';

export interface OpenedObject {
  readonly handle: FileHandle;
  readonly identity: FileIdentity;
  readonly info: ObjectInfo;
}

/** Finds the present version of an object, with the attributes of that version. */
export class ObjectLookup {
  readonly #fs: FileSystem;
  readonly #layout: FsLayout;
  readonly #sidecars: SidecarFolder;
  /** By key: the very file that was last seen to lie under it without a link on the way. */
  readonly #contained: LeastRecentlyUsed<string>;

  constructor(fs: FileSystem, layout: FsLayout, sidecars: SidecarFolder, cachedKeys: number) {
    this.#fs = fs;
    this.#layout = layout;
    this.#sidecars = sidecars;
    this.#contained = new LeastRecentlyUsed(cachedKeys);
  }

  /** What is under the key, by its name alone. Obstacle: a directory, a symbolic link, a file where a folder should be. */
  async find(key: string): Promise<Finding> {
    try {
      const stats = await this.#fs.lstat(this.#layout.objectPath(key), { bigint: true });
      return stats.isFile() ? identityOf(stats) : 'obstacle';
    } catch (error) {
      const systemCode = systemCodeOf(error);
      if (systemCode === 'ENOENT') return 'absent';
      if (systemCode === 'ENOTDIR' || systemCode === 'ELOOP') return 'obstacle';
      throw error;
    }
  }

  /** @returns undefined where there is no object. */
  async describe(key: string, operation: string): Promise<ObjectInfo | undefined> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const identity = await this.find(key);
      if (typeof identity === 'string') return undefined;
      const settled = await this.#sidecarOf(key, identity);
      if (settled !== 'replaced') return objectInfoOf(key, identity, settled);
    }
    throw restless(operation, key);
  }

  /**
   * Opens one version. It stays that version, and readable, when it is replaced or deleted.
   *
   * @throws NOT_FOUND, also for anything that is no regular file, or lies behind a symbolic link.
   */
  async open(key: string): Promise<OpenedObject> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const handle = await this.#openFile(key);
      try {
        const stats = await handle.stat({ bigint: true });
        if (!stats.isFile() || !(await this.#isContained(key, handle, stats))) throw notFound('fs.open', key);
        const identity = identityOf(stats);
        const sidecar = await this.#sidecarOf(key, identity);
        if (sidecar !== 'replaced') return { handle, identity, info: objectInfoOf(key, identity, sidecar) };
      } catch (error) {
        await handle.close();
        throw asFsFailure(error, 'fs.open', key);
      }
      await handle.close();
    }
    throw restless('fs.open', key);
  }

  async #isContained(key: string, handle: FileHandle, { dev, ino, ctimeNs }: BigIntStats): Promise<boolean> {
    const file = `${dev}-${ino}-${ctimeNs}`;
    if (this.#contained.get(key) === file) return true;
    if (!(await isContained(this.#fs, handle, this.#layout.objectPath(key)))) return false;
    this.#contained.set(key, file);
    return true;
  }

  async #openFile(key: string): Promise<FileHandle> {
    try {
      return await this.#fs.open(this.#layout.objectPath(key), OPEN_FLAGS);
    } catch (error) {
      if (NO_OBJECT.has(systemCodeOf(error))) throw notFound('fs.open', key, error);
      throw asFsFailure(error, 'fs.open', key);
    }
  }

  /** A version without a sidecar is another program's, or one that was replaced before its sidecar could be read. */
  async #sidecarOf(key: string, identity: FileIdentity): Promise<Sidecar | 'replaced' | undefined> {
    const sidecar = await this.#sidecars.load(key, identity);
    if (sidecar !== undefined) return sidecar;
    const now = await this.find(key);
    return typeof now !== 'string' && isSameFile(now, identity) ? undefined : 'replaced';
  }
}

function restless(operation: string, key: string): StreamIngestionError {
  return new StreamIngestionError('STORE_UNAVAILABLE', 'the object is replaced faster than it can be read', {
    operation,
    context: { key },
  });
}
