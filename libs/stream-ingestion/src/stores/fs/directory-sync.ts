import { systemCodeOf } from './fs-failure.js';
import type { FileSystem } from './file-system.js';

// A directory of these cannot be synced; their file systems take care of it themselves.
const CANNOT_SYNC: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS']);

export interface DirectorySyncOptions {
  /** Default: false on Windows, which has no such call. */
  readonly enabled: boolean;
}

/**
 * fsync of directories: it makes durable which names are in them. Callers that come while one is running share the
 * next one, so that a hundred objects finalized at once in one directory cost two of them, not a hundred.
 */
export class DirectorySync {
  readonly #fs: FileSystem;
  readonly #enabled: boolean;
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #waiting = new Map<string, Promise<boolean>>();

  constructor(fs: FileSystem, { enabled }: DirectorySyncOptions) {
    this.#fs = fs;
    this.#enabled = enabled;
  }

  /**
   * Resolves once an fsync that began after this call has succeeded.
   *
   * @returns false where the directory is no longer there.
   */
  sync(path: string): Promise<boolean> {
    if (!this.#enabled) return Promise.resolve(true);
    const waiting = this.#waiting.get(path);
    if (waiting !== undefined) return waiting;
    const running = this.#running.get(path);
    if (running === undefined) return this.#begin(path);
    const goOn = (): Promise<boolean> => {
      this.#waiting.delete(path);
      return this.#begin(path);
    };
    const next = running.then(goOn, goOn);
    this.#waiting.set(path, next);
    return next;
  }

  #begin(path: string): Promise<boolean> {
    const sync = this.#sync(path).finally(() => this.#running.delete(path));
    this.#running.set(path, sync);
    return sync;
  }

  async #sync(path: string): Promise<boolean> {
    let handle;
    try {
      handle = await this.#fs.open(path, 'r');
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return false;
      throw error;
    }
    try {
      await handle.sync();
    } catch (error) {
      if (!CANNOT_SYNC.has(systemCodeOf(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
    return true;
  }
}
