import type { ErrorCode } from './error-code.js';
import type { Digests } from './digest.js';

export type TransferDirection = 'ingest' | 'deliver';

/** completed: everything is there. aborted: told to stop, or the peer went away. failed: something broke. */
export type TransferOutcome = 'completed' | 'aborted' | 'failed';

/** Where time went, in milliseconds. */
export interface TransferWaits {
  /** Nothing to do until the source gave more. */
  readonly sourceMs: number;
  /** The sink (or the client of a delivery) was busy, so that the source was held back. */
  readonly sinkMs: number;
}

export interface TransformReport {
  readonly name: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Time spent in the transform itself, without what came after it in the chain. */
  readonly durationMs: number;
  readonly digests?: Digests;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** How long single writes took. Milliseconds; the percentiles are within 7 % of the true value. */
export interface WriteDurations {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Everything that is known about one run of the engine once it has settled. */
export interface TransferReport {
  readonly id: string;
  readonly direction: TransferDirection;
  readonly outcome: TransferOutcome;
  /** Why it did not complete; absent when it did. */
  readonly reason?: { readonly code: ErrorCode; readonly message: string };
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Bytes taken from the source. */
  readonly bytesIn: number;
  /** Bytes that the sink or the destination has taken. */
  readonly bytesOut: number;
  /** `bytesOut` by `durationMs`, in bytes a second. */
  readonly throughputBytesPerSecond: number;
  readonly waits: TransferWaits;
  readonly transforms: readonly TransformReport[];
  readonly writes: WriteDurations;
  /** Most chunks that were accepted and not yet settled, at any moment. */
  readonly peakInFlightChunks: number;
  /** Most bytes that were accepted and not yet settled, at any moment. */
  readonly peakInFlightBytes: number;
  /** Digests of the bytes as the sink or the destination took them. */
  readonly digests: Digests;
}

/** Report of an ingestion, with what the sink's `finalize` returned. */
export interface IngestionReport<Result = unknown> extends TransferReport {
  readonly direction: 'ingest';
  readonly result: Result;
}

/** A look at a transfer while it runs. */
export interface TransferProgress {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly inFlightChunks: number;
  readonly inFlightBytes: number;
  readonly elapsedMs: number;
}
