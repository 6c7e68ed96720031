import { Inject, Injectable } from '@nestjs/common';

import type { ByteSource, IngestionReport, IngestionSink, StoredObject } from '../../contracts/index.js';
import { ingestStream, TransferRegistry, type TransferDescriptor } from '../../engine/index.js';
import type { ResolvedOptions } from '../module/resolve-options.js';
import { RESOLVED_OPTIONS } from '../module/tokens.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { definedOf } from './defined-of.js';
import { discardSource } from './discard-source.js';
import { ingestOptionsOf } from './ingest-options.js';
import type { IngestionOptions, IngestTarget } from './ingest-target.js';
import { matchVersion } from './match-version.js';

/** Makes the sink once the transfer is admitted. */
export type CreateSink<Result> = (signal: AbortSignal) => Promise<IngestionSink<Result>> | IngestionSink<Result>;

/** Bytes in. Every ingestion is admitted, listed and abortable through the {@link TransferRegistry}. */
@Injectable()
export class IngestionService {
  constructor(
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedOptions,
    private readonly stores: StoreRegistry,
    private readonly transfers: TransferRegistry,
  ) {}

  /**
   * Reads a source to its end into a store, under a key.
   *
   * @throws what `ingestStream` throws, and UNKNOWN_STORE, INVALID_KEY, PRECONDITION_FAILED, LIMIT_EXCEEDED,
   * TOO_MANY_TRANSFERS, DRAINING. Nothing is kept then, and the source is destroyed unless `keepSourceOnFailure`.
   */
  ingest(
    source: ByteSource,
    target: IngestTarget,
    options: IngestionOptions = {},
  ): Promise<IngestionReport<StoredObject>> {
    const { key, store: name, ifMatch, ...kept } = target;
    const storeName = name ?? this.stores.defaultName;
    const createSink = async (signal: AbortSignal): Promise<IngestionSink<StoredObject>> => {
      const store = this.stores.get(storeName);
      return store.createSink(key, {
        ...definedOf(kept),
        ...definedOf({ ifMatch: await matchVersion(store, key, ifMatch, signal), expectedBytes: sinkBytes(options) }),
        signal,
      });
    };
    return this.#transfer(
      source,
      createSink,
      { direction: 'ingest', ...definedOf({ store: storeName }), key },
      options,
    );
  }

  /**
   * As {@link ingest}, into any sink: one of the caller's, or one that is made once the transfer is admitted. The sink
   * is finalized or aborted, exactly once.
   *
   * @param label how the transfer is listed.
   */
  ingestInto<Result>(
    source: ByteSource,
    sink: IngestionSink<Result> | CreateSink<Result>,
    options: IngestionOptions = {},
    label: Pick<TransferDescriptor, 'store' | 'key'> = {},
  ): Promise<IngestionReport<Result>> {
    const descriptor = { direction: 'ingest', ...label } as const;
    if (typeof sink === 'function') return this.#transfer(source, sink, descriptor, options);
    let taken = false;
    const take = (): IngestionSink<Result> => {
      taken = true;
      return sink;
    };
    return this.#transfer(source, take, descriptor, options).catch(async (error: unknown) => {
      if (!taken) await sink.abort(error);
      throw error;
    });
  }

  async #transfer<Result>(
    source: ByteSource,
    createSink: CreateSink<Result>,
    descriptor: TransferDescriptor,
    options: IngestionOptions,
  ): Promise<IngestionReport<Result>> {
    let reached = false;
    try {
      return await this.transfers.run(descriptor, options.signal, async ({ id, signal, observer }) => {
        const engineOptions = ingestOptionsOf(options, this.options, observer);
        const sink = await createSink(signal);
        reached = true;
        return ingestStream(source, sink, { ...engineOptions, id, signal });
      });
    } catch (error) {
      if (!reached) await discardSource(source, options.keepSourceOnFailure ?? false);
      throw error;
    }
  }
}

/** What the sink will get is known only where nothing changes the bytes on the way. */
function sinkBytes({ expectedBytes, transforms = [] }: IngestionOptions): number | undefined {
  return transforms.length === 0 ? expectedBytes : undefined;
}
