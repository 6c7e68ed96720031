import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

import {
  StreamIngestionError,
  type FinalizeSummary,
  type IngestionSink,
  type StoredObject,
} from '../../contracts/index.js';
import { throwIfAborted, type ObjectAttributes, type Preconditions } from '../../store-kit/index.js';
import type { DraftPaths } from './draft.js';
import { sidecarName, type FileIdentity } from './file-identity.js';
import type { FileSystem } from './file-system.js';
import { asFsFailure, quietly, systemCodeOf } from './fs-failure.js';
import type { Publication } from './publication.js';
import { objectInfoOf, type Sidecar } from './sidecar.js';
import type { SidecarFolder } from './sidecar-folder.js';
import type { SpaceReservation } from './space-reservations.js';
import type { Writeback } from './writeback.js';
import { writeFully } from './write-fully.js';

export interface FsSinkParts {
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly conditions: Preconditions;
  readonly fs: FileSystem;
  readonly handle: FileHandle;
  readonly paths: DraftPaths;
  readonly unitBytes: number;
  readonly fsync: boolean;
  readonly reservation: SpaceReservation;
  readonly sidecars: SidecarFolder;
  readonly publication: Publication;
  readonly writeback: Writeback;
}

/**
 * Writes to a temporary file. `finalize` syncs it and its sidecar, gives it its name and syncs the directory, in that
 * order. Any failed fsync is final.
 */
export class FsSink implements IngestionSink<StoredObject> {
  readonly preferredUnitBytes: number;
  readonly #parts: FsSinkParts;
  #position = 0;
  #state: 'open' | 'finalizing' | 'ended' = 'open';
  #underWay: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #aborting: Promise<void> | undefined;
  #claimed: FileIdentity | undefined;

  constructor(parts: FsSinkParts) {
    this.#parts = parts;
    this.preferredUnitBytes = parts.unitBytes;
  }

  write(chunk: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.writev([chunk], signal);
  }

  writev(chunks: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    return this.#track('fs.write', async () => {
      this.#requireOpen('fs.write');
      throwIfAborted(signal, 'fs.write');
      const { handle, writeback, reservation } = this.#parts;
      const bytes = await writeFully(handle, chunks, this.#position, signal);
      this.#position += bytes;
      reservation.written(bytes);
      writeback.written(bytes);
    });
  }

  finalize(summary: FinalizeSummary, signal: AbortSignal): Promise<StoredObject> {
    return this.#track('fs.finalize', async () => {
      this.#requireOpen('fs.finalize');
      throwIfAborted(signal, 'fs.finalize');
      this.#state = 'finalizing';
      const { key, attributes, conditions, paths, publication, reservation } = this.#parts;
      const size = this.#position;
      const sidecar: Sidecar = {
        key,
        size,
        etag: randomBytes(16).toString('hex'),
        digests: { ...summary.digests },
        ...attributes,
      };
      const identity = await this.#complete(sidecar);
      const created = await publication.publish({ key, paths, identity, conditions }, signal);
      this.#state = 'ended';
      reservation.release();
      return { ...objectInfoOf(key, identity, sidecar), created };
    });
  }

  /** Idempotent; may be called at any time, also while a write is under way, for which it waits. */
  abort(): Promise<void> {
    this.#aborting ??= this.#discard();
    return this.#aborting;
  }

  /** Syncs data and sidecar side by side, puts the sidecar into place and closes the file. */
  async #complete(sidecar: Sidecar): Promise<FileIdentity> {
    const { key, handle, paths, sidecars, writeback } = this.#parts;
    await writeback.settled();
    const stamped = await sidecars.stamp(handle);
    if (stamped.size !== sidecar.size) throw new Error('the temporary file was changed by somebody else');
    const claim = async (): Promise<FileIdentity> => {
      await sidecars.draft(paths.sidecar, sidecar);
      this.#claimed = await sidecars.claim(paths.sidecar, key, handle, stamped);
      await sidecars.sync(key);
      return this.#claimed;
    };
    const syncing = this.#sync();
    const claiming = claim();
    // Nothing may be under way any more when one of them has failed.
    await Promise.allSettled([syncing, claiming]);
    await syncing;
    const claimed = await claiming;
    if (claimed !== stamped) await this.#sync();
    await this.#close();
    return claimed;
  }

  async #sync(): Promise<void> {
    if (this.#parts.fsync) await this.#parts.handle.sync();
  }

  #close(): Promise<void> {
    this.#closing ??= this.#parts.handle.close();
    return this.#closing;
  }

  async #discard(): Promise<void> {
    await quietly(this.#underWay);
    await quietly(this.#parts.writeback.settled());
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    const { fs, key, paths, sidecars, reservation } = this.#parts;
    await quietly(this.#close());
    if (this.#claimed !== undefined) await quietly(sidecars.remove(sidecarName(key, this.#claimed)));
    await quietly(fs.unlink(paths.sidecar));
    await quietly(fs.unlink(paths.backup));
    reservation.release();
    try {
      await fs.unlink(paths.data);
    } catch (error) {
      // Taken back from its place already.
      if (systemCodeOf(error) !== 'ENOENT') throw asFsFailure(error, 'fs.abort', key);
    }
  }

  async #track<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
    const running = work();
    this.#underWay = running;
    try {
      return await running;
    } catch (error) {
      throw asFsFailure(error, operation, this.#parts.key);
    }
  }

  #requireOpen(operation: string): void {
    if (this.#state === 'open' && this.#aborting === undefined) return;
    throw new StreamIngestionError('SINK_FAILED', 'the sink has ended', { operation, retry: 'never' });
  }
}
