import type {
  CreateSinkOptions,
  DeleteOptions,
  DeliverySource,
  IngestionSink,
  ListOptions,
  ObjectPage,
  Store,
  StoreCapabilities,
  StoredObject,
  StoreHealth,
} from '../../contracts/index.js';
import { requireExpectedBytes, resolveObjectAttributes, throwIfAborted } from '../../store-kit/index.js';
import { nodeFileSystem, type FileSystem } from './file-system.js';
import { openFsBackend, type FsBackend } from './fs-backend.js';
import { asFsFailure, quietly } from './fs-failure.js';
import { freeBytesOf, probeHealth } from './fs-health.js';
import { listObjects } from './fs-listing.js';
import { resolveFsStoreOptions, type FsStoreOptions, type ResolvedFsStoreOptions } from './fs.options.js';
import { FsSink } from './fs.sink.js';
import { FsSource } from './fs.source.js';
import { normalizePortableKey } from './portable-key.js';
import { Writeback } from './writeback.js';

/**
 * Objects as plain files below one directory. What was finalized is durable: the file, its attributes and its name
 * were synced, in that order, before `finalize` resolves.
 *
 * Several processes may use one root at once. Create-only holds between all of them; `ifMatch` between the callers of
 * one process. Keys are confined to the root: no symbolic link below it is followed.
 */
export class FsStore implements Store {
  readonly kind = 'fs';
  readonly capabilities: StoreCapabilities = {
    rangedRead: true,
    createOnly: true,
    replaceIfMatch: true,
    metadata: true,
    durable: true,
    freeSpace: true,
  };
  readonly #options: ResolvedFsStoreOptions;
  readonly #fs: FileSystem;
  readonly #stopSweeping = new AbortController();
  #opening: Promise<FsBackend> | undefined;
  #sweeping: Promise<unknown> = Promise.resolve();

  /**
   * @param fileSystem the calls that are made; for tests.
   * @throws INVALID_OPTION
   */
  constructor(options: FsStoreOptions, fileSystem: FileSystem = nodeFileSystem) {
    this.#options = resolveFsStoreOptions(options);
    this.#fs = fileSystem;
  }

  /**
   * Creates the directories and removes what earlier processes have left unfinished. Goes on to look for sidecars
   * without a file in the background. Where it was not called, the first other call does so.
   *
   * @throws STORE_UNAVAILABLE
   */
  async start(signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal, 'fs.start');
    await this.#backend();
  }

  async createSink(key: string, options: CreateSinkOptions = {}): Promise<IngestionSink<StoredObject>> {
    throwIfAborted(options.signal, 'fs.createSink');
    const normalKey = normalizePortableKey(key);
    const attributes = resolveObjectAttributes(options);
    const { expectedBytes = 0 } = options;
    requireExpectedBytes(expectedBytes);
    const backend = await this.#backend();
    return guarded('fs.createSink', normalKey, () => this.#newSink(backend, normalKey, attributes, options));
  }

  async open(key: string, signal?: AbortSignal): Promise<DeliverySource> {
    throwIfAborted(signal, 'fs.open');
    const normalKey = normalizePortableKey(key);
    const { lookup } = await this.#backend();
    return new FsSource(await lookup.open(normalKey));
  }

  async delete(key: string, options: DeleteOptions = {}): Promise<void> {
    throwIfAborted(options.signal, 'fs.delete');
    const normalKey = normalizePortableKey(key);
    const { removal } = await this.#backend();
    await guarded('fs.delete', normalKey, () => removal.remove(normalKey, options));
  }

  async list(options: ListOptions = {}): Promise<ObjectPage> {
    throwIfAborted(options.signal, 'fs.list');
    const backend = await this.#backend();
    return guarded('fs.list', undefined, () => listObjects(backend, options));
  }

  async check(signal?: AbortSignal): Promise<StoreHealth> {
    throwIfAborted(signal, 'fs.check');
    const backend = await this.#backend();
    return guarded('fs.check', undefined, () => probeHealth(backend));
  }

  /** Removes sidecars that describe no file any more, as `start` does in the background; returns how many those were. */
  async sweep(signal: AbortSignal = this.#stopSweeping.signal): Promise<number> {
    const { sidecarSweep } = await this.#backend();
    return guarded('fs.sweep', undefined, () => sidecarSweep.sweep(signal));
  }

  async close(): Promise<void> {
    this.#stopSweeping.abort();
    const backend = await this.#opening?.catch(() => undefined);
    // Only opening starts it.
    await this.#sweeping;
    await backend?.temporaryArea.close();
  }

  #backend(): Promise<FsBackend> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<FsBackend> {
    try {
      const backend = await openFsBackend(this.#fs, this.#options);
      this.#sweeping = quietly(backend.sidecarSweep.sweep(this.#stopSweeping.signal));
      return backend;
    } catch (error) {
      // The next call tries again.
      this.#opening = undefined;
      throw asFsFailure(error, 'fs.start');
    }
  }

  async #newSink(
    backend: FsBackend,
    key: string,
    attributes: ReturnType<typeof resolveObjectAttributes>,
    { expectedBytes = 0, ifMatch, ifNoneMatch }: CreateSinkOptions,
  ): Promise<FsSink> {
    const { fs, publication, reservations, sidecars, temporaryArea, writebackGate } = backend;
    const { unitBytes, fsync, writebackBytes } = this.#options;
    const conditions = {
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    };
    await publication.require(key, conditions, 'fs.createSink');
    const freeBytes = expectedBytes === 0 ? Number.POSITIVE_INFINITY : await freeBytesOf(backend);
    const reservation = reservations.reserve(expectedBytes, freeBytes);
    const paths = temporaryArea.newPaths();
    try {
      const handle = await temporaryArea.create(paths.data);
      const writeback = new Writeback(handle, writebackGate, fsync ? writebackBytes : 0);
      const own = { key, attributes, conditions, handle, paths, unitBytes, fsync, reservation, writeback };
      return new FsSink({ ...own, fs, sidecars, publication });
    } catch (error) {
      reservation.release();
      throw error;
    }
  }
}

/** {@link FsStore} by a function, as every store has one. */
export function fsStore(options: FsStoreOptions): FsStore {
  return new FsStore(options);
}

async function guarded<Result>(
  operation: string,
  key: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asFsFailure(error, operation, key);
  }
}
