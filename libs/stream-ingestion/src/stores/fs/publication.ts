import { StreamIngestionError } from '../../contracts/index.js';
import { requirePreconditions, throwIfAborted, type Preconditions } from '../../store-kit/index.js';
import type { DirectorySync } from './directory-sync.js';
import type { Draft } from './draft.js';
import { isSameFile, sidecarName, type FileIdentity } from './file-identity.js';
import type { FileSystem } from './file-system.js';
import { keyConflict, quietly, systemCodeOf } from './fs-failure.js';
import type { FsLayout } from './fs-layout.js';
import type { KeyedLock } from './keyed-lock.js';
import type { ObjectLookup } from './object-lookup.js';
import type { ParentDirectories } from './parent-directories.js';
import type { SidecarFolder } from './sidecar-folder.js';

const MAX_ATTEMPTS = 100;
const NO_SECOND_LINK: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EMLINK']);

export interface PublicationParts {
  readonly fs: FileSystem;
  readonly layout: FsLayout;
  readonly locks: KeyedLock;
  readonly lookup: ObjectLookup;
  readonly directories: ParentDirectories;
  readonly sync: DirectorySync;
  readonly sidecars: SidecarFolder;
}

/** Gives complete files their names. All or nothing: what could not be made durable is taken back. */
export class Publication {
  readonly #parts: PublicationParts;

  constructor(parts: PublicationParts) {
    this.#parts = parts;
  }

  /**
   * @returns whether there was no object under the key.
   * @throws PRECONDITION_FAILED, KEY_CONFLICT, ABORTED, or the failed system call.
   */
  publish(draft: Draft, signal: AbortSignal): Promise<boolean> {
    return this.#parts.locks.run(draft.key, async () => {
      const { layout, directories } = this.#parts;
      let replaced: FileIdentity | undefined;
      try {
        replaced = await this.#place(draft, signal);
        await this.#makeDurable(draft, replaced);
      } catch (error) {
        await quietly(directories.prune(layout.parentPath(draft.key)));
        throw error;
      }
      await this.#cleanUp(draft, replaced);
      return replaced === undefined;
    });
  }

  /** Conditions as far as they can be known now; they are looked at again when the object becomes visible. */
  async require(key: string, conditions: Preconditions, operation: string): Promise<FileIdentity | undefined> {
    const { lookup } = this.#parts;
    const found = await lookup.find(key);
    if (found === 'obstacle') throw keyConflict(operation, key);
    const current = found === 'absent' ? undefined : found;
    const byEtag = conditions.ifMatch !== undefined && conditions.ifMatch !== '*';
    const etag = byEtag ? (await lookup.describe(key, operation))?.etag : current && '*';
    requirePreconditions(conditions, etag, operation);
    return current;
  }

  /** @returns the version that was replaced. */
  async #place(draft: Draft, signal: AbortSignal): Promise<FileIdentity | undefined> {
    const { fs, layout, directories } = this.#parts;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const current = await this.require(draft.key, draft.conditions, 'fs.finalize');
      await directories.ensure(layout.parentPath(draft.key), draft.key);
      throwIfAborted(signal, 'fs.finalize');
      try {
        // A link never replaces: whoever comes second, in whatever process, fails.
        if (current === undefined) await fs.link(draft.paths.data, layout.objectPath(draft.key));
        else await this.#replace(draft);
        return current;
      } catch (error) {
        // Created, deleted or its folder pruned since we looked: look again.
        const systemCode = systemCodeOf(error);
        if (systemCode !== 'EEXIST' && systemCode !== 'ENOENT') throw error;
        await fs.stat(draft.paths.data);
      }
    }
    throw new StreamIngestionError('STORE_UNAVAILABLE', 'the key changes faster than it can be written', {
      operation: 'fs.finalize',
      context: { key: draft.key },
    });
  }

  async #replace({ key, paths }: Draft): Promise<void> {
    const { fs, layout } = this.#parts;
    const path = layout.objectPath(key);
    await quietly(fs.unlink(paths.backup));
    try {
      await fs.link(path, paths.backup);
    } catch (error) {
      // Another user's file may refuse it; then there is only no way back.
      if (!NO_SECOND_LINK.has(systemCodeOf(error))) throw error;
    }
    await fs.rename(paths.data, path);
  }

  async #makeDurable(draft: Draft, replaced: FileIdentity | undefined): Promise<void> {
    const { fs, layout, lookup, sync } = this.#parts;
    try {
      await sync.sync(layout.parentPath(draft.key));
    } catch (error) {
      const path = layout.objectPath(draft.key);
      const now = await lookup.find(draft.key);
      const isOurs = typeof now !== 'string' && isSameFile(now, draft.identity);
      if (isOurs) await quietly(replaced === undefined ? fs.unlink(path) : fs.rename(draft.paths.backup, path));
      throw error;
    }
  }

  async #cleanUp({ key, paths, identity }: Draft, replaced: FileIdentity | undefined): Promise<void> {
    const { fs, sidecars } = this.#parts;
    const removeSidecars = async (): Promise<void> => {
      const old = replaced && sidecarName(key, replaced);
      if (old !== undefined && old !== sidecarName(key, identity)) await sidecars.remove(old);
      // Last: as long as it is there, a sweep after a crash comes back to this key.
      await fs.unlink(paths.sidecar);
    };
    await Promise.all([
      quietly(fs.unlink(replaced === undefined ? paths.data : paths.backup)),
      quietly(removeSidecars()),
    ]);
  }
}
