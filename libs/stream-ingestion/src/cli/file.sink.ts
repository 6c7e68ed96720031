import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { FinalizeSummary, IngestionSink } from '../contracts/index.js';
import { fileError } from './file-error.js';
import { statIfThere } from './stat-if-there.js';

export interface WrittenFile {
  readonly path: string;
  /** False where a file was replaced. */
  readonly created: boolean;
}

const NEW_FILE_MODE = 0o666;
const PERMISSIONS = 0o777;
const ALL_MODE_BITS = 0o7777;

/**
 * One file, through a temporary one beside it: the file appears, or is replaced, in one step once every byte is on
 * disk. A file that was there keeps its mode, and its owner as far as the process may give files away; what is hard
 * linked to it keeps the old content. `path` must not be a symbolic link.
 *
 * Only the death of the process by SIGKILL or with the machine leaves the temporary file, `.stream-ingest-*.part`.
 */
export class FileSink implements IngestionSink<WrittenFile> {
  readonly #path: string;
  readonly #temporaryPath: string;
  #handle: FileHandle | undefined;
  #existing: Stats | undefined;
  #opened = false;

  constructor(path: string) {
    this.#path = path;
    // Not from the name of the file, which may be as long as a name can be.
    this.#temporaryPath = join(dirname(path), `.stream-ingest-${randomBytes(9).toString('base64url')}.part`);
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.writev([chunk]);
  }

  async writev(chunks: readonly Uint8Array[]): Promise<void> {
    try {
      const handle = await this.#open();
      let left = chunks;
      while (left.length > 0) left = behind(left, (await handle.writev(left)).bytesWritten);
    } catch (error) {
      throw fileError('file.write', this.#path, error, 'SINK_FAILED');
    }
  }

  async finalize(_summary: FinalizeSummary, signal: AbortSignal): Promise<WrittenFile> {
    try {
      const handle = await this.#open();
      await this.#takeOverMode(handle);
      await handle.sync();
      await this.#close();
      signal.throwIfAborted();
      await rename(this.#temporaryPath, this.#path);
      this.#opened = false;
      await syncDirectory(dirname(this.#path));
      return { path: this.#path, created: this.#existing === undefined };
    } catch (error) {
      throw fileError('file.finalize', this.#path, error, 'SINK_FAILED');
    }
  }

  async abort(): Promise<void> {
    try {
      await this.#close();
    } finally {
      if (this.#opened) await rm(this.#temporaryPath, { force: true });
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle !== undefined) return this.#handle;
    this.#existing = await statIfThere(this.#path);
    // A rename asks for no permission on the file that it replaces; whoever writes to it should have it.
    if (this.#existing !== undefined) await access(this.#path, constants.W_OK);
    const mode = (this.#existing?.mode ?? NEW_FILE_MODE) & PERMISSIONS;
    this.#handle = await open(this.#temporaryPath, 'wx', mode);
    this.#opened = true;
    return this.#handle;
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #takeOverMode(handle: FileHandle): Promise<void> {
    if (this.#existing === undefined) return;
    const { uid, gid, mode } = this.#existing;
    const own = await handle.stat();
    const sameOwner = own.uid === uid && own.gid === gid;
    const kept = sameOwner || (await handle.chown(uid, gid).then(yes, no));
    // Set-user-id and the like mean something else with another owner.
    await handle.chmod(mode & (kept ? ALL_MODE_BITS : PERMISSIONS));
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;

/** What is still to be written once `bytes` of the chunks were. */
function behind(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes;
  for (const [index, chunk] of chunks.entries()) {
    if (skip < chunk.byteLength) return [chunk.subarray(skip), ...chunks.slice(index + 1)];
    skip -= chunk.byteLength;
  }
  return [];
}

/** A new name is durable once its directory is. Windows cannot open directories, and journals names by itself. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
