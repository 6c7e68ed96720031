import {
  StreamIngestionError,
  type CreateSinkOptions,
  type DeleteOptions,
  type DeliverySource,
  type IngestionSink,
  type ListOptions,
  type ObjectPage,
  type Store,
  type StoreCapabilities,
  type StoredObject,
  type StoreHealth,
} from '../../contracts/index.js';
import { normalizeObjectKey } from '../../engine/index.js';
import {
  compareKeys,
  encodeListCursor,
  requireExpectedBytes,
  requirePreconditions,
  resolveListRequest,
  resolveObjectAttributes,
  throwIfAborted,
} from '../../store-kit/index.js';
import { ByteBudget } from './byte-budget.js';
import type { MemoryObject } from './memory-object.js';
import {
  resolveMemoryStoreOptions,
  type MemoryStoreOptions,
  type ResolvedMemoryStoreOptions,
} from './memory.options.js';
import { MemorySink } from './memory.sink.js';
import { MemorySource } from './memory.source.js';

/** For tests, caches and small objects: everything lives in this process and ends with it. */
export class MemoryStore implements Store {
  readonly kind = 'memory';
  readonly capabilities: StoreCapabilities;
  readonly #options: ResolvedMemoryStoreOptions;
  readonly #budget: ByteBudget;
  readonly #objects = new Map<string, MemoryObject>();

  /** @throws INVALID_OPTION */
  constructor(options: MemoryStoreOptions = {}) {
    this.#options = resolveMemoryStoreOptions(options);
    this.#budget = new ByteBudget(this.#options.maxBytes);
    this.capabilities = {
      rangedRead: true,
      createOnly: true,
      replaceIfMatch: true,
      metadata: true,
      durable: false,
      freeSpace: Number.isFinite(this.#options.maxBytes),
    };
  }

  /** Bytes of all objects, unfinished ones included. */
  get usedBytes(): number {
    return this.#budget.usedBytes;
  }

  // The methods are async so that what they throw is a rejection.
  async createSink(key: string, options: CreateSinkOptions = {}): Promise<IngestionSink<StoredObject>> {
    throwIfAborted(options.signal, 'memory.createSink');
    const normalKey = normalizeObjectKey(key);
    const attributes = resolveObjectAttributes(options);
    requireExpectedBytes(options.expectedBytes);
    requirePreconditions(options, this.#objects.get(normalKey)?.info.etag, 'memory.createSink');
    this.#budget.require(options.expectedBytes ?? 0, 'memory.createSink');
    const sink = new MemorySink({
      key: normalKey,
      attributes,
      unitBytes: this.#options.unitBytes,
      budget: this.#budget,
      publish: (object) => this.#publish(object, options),
    });
    return Promise.resolve(sink);
  }

  async open(key: string, signal?: AbortSignal): Promise<DeliverySource> {
    throwIfAborted(signal, 'memory.open');
    return Promise.resolve(new MemorySource(this.#require(normalizeObjectKey(key), 'memory.open')));
  }

  async delete(key: string, options: DeleteOptions = {}): Promise<void> {
    throwIfAborted(options.signal, 'memory.delete');
    const object = this.#require(normalizeObjectKey(key), 'memory.delete');
    requirePreconditions(options, object.info.etag, 'memory.delete');
    this.#objects.delete(object.info.key);
    this.#budget.giveBack(object.info.size);
    return Promise.resolve();
  }

  async list(options: ListOptions = {}): Promise<ObjectPage> {
    throwIfAborted(options.signal, 'memory.list');
    const { prefix, limit, after } = resolveListRequest(options);
    const keys = [...this.#objects.keys()]
      .filter((key) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
      .sort(compareKeys);
    const page = keys.slice(0, limit);
    const lastKey = page.at(-1);
    return Promise.resolve({
      objects: page.map((key) => this.#require(key, 'memory.list').info),
      ...(keys.length > limit && lastKey !== undefined ? { nextCursor: encodeListCursor(lastKey) } : {}),
    });
  }

  async check(signal?: AbortSignal): Promise<StoreHealth> {
    throwIfAborted(signal, 'memory.check');
    const { freeBytes } = this.#budget;
    return Promise.resolve({ writable: freeBytes > 0, ...(this.capabilities.freeSpace ? { freeBytes } : {}) });
  }

  #publish(object: MemoryObject, options: CreateSinkOptions): boolean {
    const { key } = object.info;
    const replaced = this.#objects.get(key);
    requirePreconditions(options, replaced?.info.etag, 'memory.finalize');
    this.#objects.set(key, object);
    this.#budget.giveBack(replaced?.info.size ?? 0);
    return replaced === undefined;
  }

  #require(key: string, operation: string): MemoryObject {
    const object = this.#objects.get(key);
    if (object !== undefined) return object;
    throw new StreamIngestionError('NOT_FOUND', 'there is no object of that key', { operation, context: { key } });
  }
}

/** {@link MemoryStore} by a function, as every store has one. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new MemoryStore(options);
}
