import type { Digests } from './digest.js';

/** What the engine knows about the bytes once the last `write` has settled. */
export interface FinalizeSummary {
  /** Bytes written to the sink. */
  readonly bytes: number;
  /** Digests over exactly these bytes, of the algorithms that the transfer was asked to compute. */
  readonly digests: Digests;
}

/**
 * The writable end of an ingestion.
 *
 * The engine makes these calls and no others, and never two at a time:
 *
 *     (write | writev)*  then exactly one of  finalize | abort
 *
 * - `abort` may follow a failed `write`, `writev` or `finalize`. It is called once, after the call before it has
 *   settled, and never after a successful `finalize`.
 * - **Chunk ownership.** A chunk belongs to the engine. The sink may read it until the promise that `write` returned
 *   settles; after that the engine fills the same memory with other bytes. A sink that needs it longer copies it. A
 *   sink never changes a chunk.
 * - **Signal.** It fires when the transfer is aborted. The sink then ends the current call as soon as it can, by
 *   rejecting or by finishing it; the engine waits for that before it calls `abort`.
 */
export interface IngestionSink<Result = unknown> {
  /**
   * Unit in which the sink likes to be written, in bytes, 1 or more. The engine gathers small chunks and cuts large
   * ones so that every write but the last is exactly this long. Default: 1 MiB.
   */
  readonly preferredUnitBytes?: number;

  /** Writes the bytes after those written before. Awaiting it is the back-pressure. */
  write(chunk: Uint8Array, signal: AbortSignal): Promise<void> | void;

  /**
   * Writes several chunks, in order, as one. Where it is there the engine calls it instead of copying small chunks
   * together; their total is one unit.
   */
  writev?(chunks: readonly Uint8Array[], signal: AbortSignal): Promise<void> | void;

  /**
   * Ends successfully. When it resolves the bytes are durable and visible under their name; until then they are
   * visible to nobody.
   *
   * @returns what was stored.
   */
  finalize(summary: FinalizeSummary, signal: AbortSignal): Promise<Result> | Result;

  /**
   * Discards everything. When it resolves nothing of the transfer is visible and nothing is left behind. It must work
   * at any time, also before the first write.
   */
  abort(reason: unknown): Promise<void> | void;
}
