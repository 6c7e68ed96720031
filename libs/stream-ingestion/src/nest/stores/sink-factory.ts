import type { CreateSinkOptions, IngestionSink } from '../../contracts/index.js';

/** What a sink is made for. */
export interface SinkTarget extends CreateSinkOptions {
  /** The key, where the caller named one. */
  readonly key?: string;
}

/**
 * Makes sinks that are no store: a queue, a scanner, another service. Registered by name, and then used as a target
 * like a store. Each sink serves one transfer; `createSink` may be called concurrently.
 */
export interface SinkFactory<Result = unknown> {
  createSink(target: SinkTarget): Promise<IngestionSink<Result>> | IngestionSink<Result>;
}
