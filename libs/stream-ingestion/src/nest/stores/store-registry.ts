import { StreamIngestionError, type Store } from '../../contracts/index.js';
import { refuseOption } from '../module/option-checks.js';
import type { SinkFactory } from './sink-factory.js';

export interface StoreRegistryParts {
  readonly stores: Iterable<readonly [name: string, store: Store]>;
  readonly sinks?: Iterable<readonly [name: string, sink: SinkFactory]>;
  /** Default: the first store. */
  readonly defaultStore?: string | undefined;
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The stores and sinks of the application, by name. */
export class StoreRegistry {
  readonly #stores = new Map<string, Store>();
  readonly #sinks = new Map<string, SinkFactory>();
  readonly #defaultName: string | undefined;

  /** @throws INVALID_OPTION for a name that is not allowed, is taken, or is the default and missing. */
  constructor({ stores, sinks = [], defaultStore }: StoreRegistryParts) {
    for (const [name, store] of stores) {
      this.#requireFree(name);
      if (typeof store?.createSink !== 'function' || typeof store.open !== 'function') {
        refuseOption(`stores: "${name}" is not a store: it lacks createSink or open`);
      }
      this.#stores.set(name, store);
    }
    for (const [name, sink] of sinks) {
      this.#requireFree(name);
      if (typeof sink?.createSink !== 'function') refuseOption(`sinkProviders: "${name}" lacks createSink`);
      this.#sinks.set(name, sink);
    }
    if (this.#stores.size + this.#sinks.size === 0) {
      refuseOption('no store or sink is registered: give stores, storeProviders or sinkProviders');
    }
    if (defaultStore !== undefined && !this.#stores.has(defaultStore)) {
      refuseOption(`defaultStore must be one of ${this.#listed()}, but it is "${defaultStore}"`);
    }
    this.#defaultName = defaultStore ?? this.names[0];
  }

  /** Names of the stores, in the order of their registration. */
  get names(): readonly string[] {
    return [...this.#stores.keys()];
  }

  /** Name of the store that is meant where none is named; absent where the application has sinks alone. */
  get defaultName(): string | undefined {
    return this.#defaultName;
  }

  has(name: string): boolean {
    return this.#stores.has(name);
  }

  hasSink(name: string): boolean {
    return this.#sinks.has(name);
  }

  entries(): readonly (readonly [name: string, store: Store])[] {
    return [...this.#stores];
  }

  /** @throws UNKNOWN_STORE */
  get(name: string | undefined = this.#defaultName): Store {
    const store = name === undefined ? undefined : this.#stores.get(name);
    return store ?? this.#unknown('store', name, this.#listed());
  }

  /** The name as it is registered: the given one, or that of the default store. @throws UNKNOWN_STORE */
  resolveName(name: string | undefined = this.#defaultName): string {
    return name !== undefined && this.#stores.has(name) ? name : this.#unknown('store', name, this.#listed());
  }

  /** @throws UNKNOWN_STORE */
  sink(name: string): SinkFactory {
    return this.#sinks.get(name) ?? this.#unknown('sink', name, [...this.#sinks.keys()].join(', ') || 'none');
  }

  #listed(): string {
    return this.names.join(', ') || 'none';
  }

  #requireFree(name: string): void {
    if (!NAME.test(name)) {
      refuseOption(`stores: a name must be 1 to 64 letters, digits, "-" or "_", but one is "${name}"`);
    }
    if (this.#stores.has(name) || this.#sinks.has(name)) refuseOption(`stores: "${name}" is registered twice`);
  }

  #unknown(kind: string, name: string | undefined, registered: string): never {
    throw new StreamIngestionError('UNKNOWN_STORE', `no ${kind} is named "${name ?? ''}"; registered: ${registered}`, {
      operation: 'stores.get',
      context: { name },
    });
  }
}
