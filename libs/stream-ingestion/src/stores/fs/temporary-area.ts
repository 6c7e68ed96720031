import { join } from 'node:path';
import type { FileHandle } from 'node:fs/promises';

import type { DraftPaths } from './draft.js';
import type { FileSystem } from './file-system.js';
import { NOT_WRITABLE, quietly, systemCodeOf } from './fs-failure.js';
import type { FsLayout } from './fs-layout.js';
import { livenessOf, nameThisProcess } from './process-name.js';

const HEARTBEAT_MS = 60_000;
const SILENT_AFTER_MS = 15 * HEARTBEAT_MS;

export const SIDECAR_DRAFT_SUFFIX = '.json';

export interface TemporaryAreaParts {
  readonly fs: FileSystem;
  readonly layout: FsLayout;
  readonly fileMode: number;
  readonly directoryMode: number;
  /** Told of every sidecar draft that a dead process has left, before it is removed. */
  readonly recover: (draftPath: string) => Promise<void>;
}

/**
 * Temporary files, in one folder for each process. A folder of a process that is known to be dead is swept at once;
 * one of which that cannot be known (another machine on a shared file system, another container) once it has been
 * silent for 15 minutes, where a running process touches its own every minute.
 */
export class TemporaryArea {
  readonly #parts: TemporaryAreaParts;
  readonly #name: string;
  readonly #folder: string;
  #count = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();

  private constructor(parts: TemporaryAreaParts, name: string) {
    this.#parts = parts;
    this.#name = name;
    this.#folder = join(parts.layout.temporaryFolder, name);
  }

  static async open(parts: TemporaryAreaParts): Promise<TemporaryArea> {
    const area = new TemporaryArea(parts, await nameThisProcess(parts.fs));
    // First, since it may be what makes room.
    await area.sweep();
    await area.#makeFolder().catch((error: unknown) => {
      // A store that cannot be written is still there to be read. The folder is made when it is needed.
      if (!NOT_WRITABLE.has(systemCodeOf(error))) throw error;
    });
    area.#heartbeat = setInterval(() => {
      area.#beating = quietly(area.#beat());
    }, HEARTBEAT_MS).unref();
    return area;
  }

  newPaths(): DraftPaths {
    this.#count += 1;
    const path = join(this.#folder, this.#count.toString(36));
    return { data: `${path}.part`, sidecar: `${path}${SIDECAR_DRAFT_SUFFIX}`, backup: `${path}.old` };
  }

  /** Creates a file that was not there. */
  async create(path: string): Promise<FileHandle> {
    const { fs, fileMode } = this.#parts;
    try {
      return await fs.open(path, 'wx', fileMode);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      // This process was suspended for so long that another one took it for dead.
      await this.#makeFolder();
      return fs.open(path, 'wx', fileMode);
    }
  }

  /** Removes what processes have left that no longer run. */
  async sweep(): Promise<void> {
    const { fs, layout } = this.#parts;
    for (const name of await fs.readdir(layout.temporaryFolder)) {
      if (name !== this.#name && (await this.#isDead(name)))
        await this.#sweepFolder(join(layout.temporaryFolder, name));
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#beating;
    await quietly(this.#parts.fs.rmdir(this.#folder));
  }

  async #makeFolder(): Promise<void> {
    await this.#parts.fs.mkdir(this.#folder, { recursive: true, mode: this.#parts.directoryMode });
  }

  async #beat(): Promise<void> {
    const now = new Date();
    await this.#parts.fs.utimes(this.#folder, now, now);
    await this.sweep();
  }

  async #isDead(name: string): Promise<boolean> {
    const { fs, layout } = this.#parts;
    const liveness = await livenessOf(fs, name, this.#name);
    if (liveness !== 'unknown') return liveness === 'dead';
    try {
      const { mtimeMs } = await fs.stat(join(layout.temporaryFolder, name));
      return Date.now() - mtimeMs > SILENT_AFTER_MS;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** Several processes may do so at once: what is gone already is none of our concern. */
  async #sweepFolder(folder: string): Promise<void> {
    const { fs, recover } = this.#parts;
    const names = await fs.readdir(folder).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(SIDECAR_DRAFT_SUFFIX))) {
      await recover(join(folder, name));
    }
    for (const name of names) await quietly(fs.unlink(join(folder, name)));
    await quietly(fs.rmdir(folder));
  }
}
