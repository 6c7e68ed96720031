import type { DeliverySource } from './delivery-source.js';
import type { IngestionSink } from './ingestion-sink.js';
import type { ObjectInfo, ObjectMetadata, StoredObject } from './object-info.js';

/** What a store declares that it can do. Conformance cases are chosen by it. */
export interface StoreCapabilities {
  /** `read` of a delivery source takes ranges. */
  readonly rangedRead: boolean;
  /** `ifNoneMatch: '*'` holds against concurrent writers. */
  readonly createOnly: boolean;
  /** `ifMatch` holds against concurrent writers. */
  readonly replaceIfMatch: boolean;
  /** Content type, content coding and metadata are kept. */
  readonly metadata: boolean;
  /** What was finalized survives the end of the process. */
  readonly durable: boolean;
  /** `freeBytes` of the health report is known. */
  readonly freeSpace: boolean;
}

export interface CreateSinkOptions {
  /** Bytes to come, where known. A store may refuse early with NO_SPACE; the engine enforces it. */
  readonly expectedBytes?: number;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly metadata?: ObjectMetadata;
  /** Create only: PRECONDITION_FAILED where the key exists, decided when the object becomes visible. */
  readonly ifNoneMatch?: '*';
  /** Replace only that version (an etag without quotes): PRECONDITION_FAILED otherwise. `*`: any version. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** Keys that begin with it. Default: all. */
  readonly prefix?: string;
  /** Most entries to return, 1 to 1,000. Default: 100. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

export interface ObjectPage {
  /** In ascending order of the keys' UTF-8 bytes. */
  readonly objects: readonly ObjectInfo[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface StoreHealth {
  /** Whether the store can be written right now. */
  readonly writable: boolean;
  /** Bytes, where the store knows. */
  readonly freeBytes?: number;
  readonly detail?: string;
}

export interface DeleteOptions {
  /** Delete only that version (an etag without quotes): PRECONDITION_FAILED otherwise. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

/** A named backend: a sink and a source for every key. All methods may be called concurrently. */
export interface Store {
  /** Kind of store, such as `fs`; the name under which an application registers it is the application's. */
  readonly kind: string;
  readonly capabilities: StoreCapabilities;

  /** Called once, before any other method: connects, checks, sweeps what an earlier process left. */
  start?(signal?: AbortSignal): Promise<void>;

  /**
   * Nothing is visible under `key` until the sink is finalized; concurrent sinks of one key do not disturb each
   * other, and the one finalized last wins.
   *
   * @throws INVALID_KEY, NO_SPACE, STORE_UNAVAILABLE; PRECONDITION_FAILED where it can be known early.
   */
  createSink(key: string, options?: CreateSinkOptions): Promise<IngestionSink<StoredObject>>;

  /** @throws INVALID_KEY, NOT_FOUND, STORE_UNAVAILABLE. */
  open(key: string, signal?: AbortSignal): Promise<DeliverySource>;

  /** @throws INVALID_KEY, NOT_FOUND, PRECONDITION_FAILED, STORE_UNAVAILABLE. */
  delete(key: string, options?: DeleteOptions): Promise<void>;

  /** @throws INVALID_OPTION for a limit or cursor out of bounds. */
  list(options?: ListOptions): Promise<ObjectPage>;

  /** @throws STORE_UNAVAILABLE where the store cannot be reached. */
  check(signal?: AbortSignal): Promise<StoreHealth>;

  /** Frees connections and handles. Called after the last transfer has settled. */
  close?(): Promise<void>;
}
