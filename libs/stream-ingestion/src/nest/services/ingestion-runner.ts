import { Inject, Injectable } from '@nestjs/common';

import type { ByteSource, IngestionReport, IngestionSink, StoredObject } from '../../contracts/index.js';
import { ingestStream, TransferRegistry, type TransferDescriptor } from '../../engine/index.js';
import type { ResolvedOptions } from '../module/resolve-options.js';
import { RESOLVED_OPTIONS } from '../module/tokens.js';
import type { SinkFactory } from '../stores/sink-factory.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { definedOf } from './defined-of.js';
import { discardSource } from './discard-source.js';
import { ingestOptionsOf } from './ingest-options.js';
import type { IngestionOptions, IngestTarget } from './ingest-target.js';
import { matchVersion } from './match-version.js';

/** Makes the sink once the transfer is admitted. */
export type CreateSink<Result> = (signal: AbortSignal) => Promise<IngestionSink<Result>> | IngestionSink<Result>;

/** One ingestion as the runner takes it. */
export interface IngestionRun<Result> {
  readonly source: ByteSource;
  readonly createSink: CreateSink<Result>;
  /** How it is listed. */
  readonly label: Pick<TransferDescriptor, 'store' | 'key'>;
  readonly options: IngestionOptions;
  /** See `TransferRegistry.run`. Default: `required`. */
  readonly admission?: 'required' | 'continued';
}

/** The one way from the services to the engine: admission, defaults, and what becomes of a source that is refused. */
@Injectable()
export class IngestionRunner {
  constructor(
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedOptions,
    private readonly stores: StoreRegistry,
    private readonly transfers: TransferRegistry,
  ) {}

  /** @throws what the registry, `createSink` and `ingestStream` throw; the source is let go of in any case. */
  async run<Result>(run: IngestionRun<Result>): Promise<IngestionReport<Result>> {
    const { source, createSink, label, options, admission } = run;
    let reached = false;
    try {
      return await this.transfers.run(
        { direction: 'ingest', ...label },
        options.signal,
        async ({ id, signal, observer }) => {
          const engineOptions = ingestOptionsOf(options, this.options, observer);
          const sink = await createSink(signal);
          reached = true;
          return ingestStream(source, sink, { ...engineOptions, id, signal });
        },
        admission,
      );
    } catch (error) {
      if (!reached) await discardSource(source, options.keepSourceOnFailure ?? false);
      throw error;
    }
  }

  /** How a transfer to this target is listed. */
  labelOf({ key, store }: IngestTarget): Pick<TransferDescriptor, 'store' | 'key'> {
    return { key, ...definedOf({ store: store ?? this.stores.defaultName }) };
  }

  /** Makes the sink of a target. @throws UNKNOWN_STORE, PRECONDITION_FAILED, and what `createSink` of a store throws. */
  sinkOf(target: IngestTarget, options: IngestionOptions): CreateSink<StoredObject> {
    const { key, store: name, ifMatch, ...kept } = target;
    return async (signal) => {
      const store = this.stores.get(name);
      return store.createSink(key, {
        ...definedOf(kept),
        ...definedOf({ ifMatch: await matchVersion(store, key, ifMatch, signal), expectedBytes: sinkBytes(options) }),
        signal,
      });
    };
  }

  /** Makes a sink of a registered factory. @throws UNKNOWN_STORE, and what the factory throws. */
  registeredSink<Result>(name: string, options: IngestionOptions, key: string | undefined): CreateSink<Result> {
    return (signal) => {
      // Which result a name stands for is for the caller to know.
      const factory = this.stores.sink(name) as SinkFactory<Result>;
      return factory.createSink({ ...definedOf({ key, expectedBytes: sinkBytes(options) }), signal });
    };
  }

  /** Deletes an object that an upload has created, unless somebody has replaced it since. Never throws. */
  async undo({ key, store }: IngestTarget, { created, etag }: StoredObject): Promise<void> {
    if (!created) return;
    await this.stores
      .get(store)
      .delete(key, { ifMatch: etag })
      .catch(() => undefined);
  }
}

/** What the sink will get is known only where nothing changes the bytes on the way. */
function sinkBytes({ expectedBytes, transforms = [] }: IngestionOptions): number | undefined {
  return transforms.length === 0 ? expectedBytes : undefined;
}
