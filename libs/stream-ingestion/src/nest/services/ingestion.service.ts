import { Inject, Injectable } from '@nestjs/common';

import type { ByteSource, IngestionReport, IngestionSink, StoredObject } from '../../contracts/index.js';
import type { TransferDescriptor } from '../../engine/index.js';
import { type MultipartOptions, readRawUpload } from '../../http/index.js';
import type { ResolvedOptions } from '../module/resolve-options.js';
import { RESOLVED_OPTIONS } from '../module/tokens.js';
import type { IngestionOptions, IngestTarget } from './ingest-target.js';
import { IngestionRunner, type CreateSink } from './ingestion-runner.js';
import { ingestMultipart } from './multipart/ingest-multipart.js';
import type { FileTarget, MultipartIngestion } from './multipart/multipart-ingestion.js';
import { nativeRequestOf } from '../http/native-request.js';

/** How the files of a form are stored. */
export interface MultipartIngestionOptions {
  readonly signal?: AbortSignal | undefined;
  /** Limits of this form; what is absent is as the module was set up. */
  readonly limits?: Omit<MultipartOptions, 'signal'>;
  /** Options of each file, asked for anew: transforms serve one transfer. */
  readonly perFile?: () => Omit<IngestionOptions, 'signal' | 'keepSourceOnFailure'>;
}

/** Bytes in. Every ingestion is admitted, listed and abortable through the `TransferRegistry`. */
@Injectable()
export class IngestionService {
  constructor(
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedOptions,
    private readonly runner: IngestionRunner,
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
    const createSink = this.runner.sinkOf(target, options);
    return this.runner.run({ source, createSink, label: this.runner.labelOf(target), options });
  }

  /**
   * As {@link ingest}, into any sink: a registered one by its name, one that is made once the transfer is admitted, or one
   * of the caller's. The sink is finalized or aborted, exactly once.
   *
   * @param label how the transfer is listed. Default: under the name of the sink, where it has one.
   */
  async ingestInto<Result>(
    source: ByteSource,
    sink: string | IngestionSink<Result> | CreateSink<Result>,
    options: IngestionOptions = {},
    label: Pick<TransferDescriptor, 'store' | 'key'> = {},
  ): Promise<IngestionReport<Result>> {
    if (typeof sink === 'string') {
      const createSink = this.runner.registeredSink<Result>(sink, options, label.key);
      return this.runner.run({ source, createSink, label: { store: sink, ...label }, options });
    }
    if (typeof sink === 'function') return this.runner.run({ source, createSink: sink, label, options });
    let taken = false;
    const createSink = (): IngestionSink<Result> => {
      taken = true;
      return sink;
    };
    try {
      return await this.runner.run({ source, createSink, label, options });
    } catch (error) {
      if (!taken) await sink.abort(error);
      throw error;
    }
  }

  /**
   * Stores the body of a request of either adapter, as it is. What its header fields say (content type and coding,
   * length, digests, `If-Match`, `If-None-Match`) holds, unless `target` or `options` say otherwise. The request stays
   * open where it fails, so that it can be answered. The route must be marked with `@UntouchedBody()`.
   *
   * @throws what {@link ingest} and `readRawUpload` throw.
   */
  ingestRequest(
    request: object,
    target: IngestTarget,
    options: IngestionOptions = {},
  ): Promise<IngestionReport<StoredObject>> {
    const { source, expectedBytes, expectedDigests, ...announced } = readRawUpload(nativeRequestOf(request));
    return this.ingest(
      source,
      { ...announced, ...target },
      { expectedBytes, expectedDigests, ...options, keepSourceOnFailure: true, releaseChunks: true },
    );
  }

  /**
   * Stores the files of a multipart/form-data request of either adapter, in the order in which they come. They become
   * visible together, once the whole form was read and every file of it is safe; until then nothing of it is, and
   * nothing is kept where it fails. (A store that refuses at that very last moment, by a precondition that changed
   * meanwhile, makes the files before it be deleted again where they were new; a replaced object stays replaced.)
   *
   * @throws what {@link ingest} and `multipartParts` throw, and what `targetOf` throws.
   */
  async ingestMultipart(
    request: object,
    targetOf: FileTarget,
    { signal, limits, perFile = () => ({}) }: MultipartIngestionOptions = {},
  ): Promise<MultipartIngestion> {
    return ingestMultipart(this.runner, {
      request: nativeRequestOf(request),
      targetOf,
      limits: { idleTimeoutMs: this.options.limits.idleTimeoutMs, ...this.options.limits.multipart, ...limits, signal },
      optionsOf: () => ({ ...perFile(), signal }),
    });
  }

  /**
   * Takes back what an upload has created: deletes the object, unless somebody has replaced it since. An object that was
   * replaced by the upload stays as it is. Never rejects.
   */
  undo(stored: StoredObject, store?: string): Promise<void> {
    return this.runner.undo({ key: stored.key, store }, stored);
  }
}
