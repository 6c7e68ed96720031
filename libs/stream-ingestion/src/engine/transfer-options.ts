import {
  StreamIngestionError,
  type ByteRange,
  type DigestAlgorithm,
  type Digests,
  type Transform,
  type TransferObserver,
} from '../contracts/index.js';
import type { BufferPool } from './buffer-pool.js';
import type { IdleLimits } from './idle-watch.js';

/** Options that both directions share. */
export interface TransferOptions extends IdleLimits {
  /** Default: a random UUID. */
  readonly id?: string;
  /** Aborts the transfer; its reason is kept as the cause, or is the error itself where it is one of ours. */
  readonly signal?: AbortSignal | undefined;
  /** In the order in which bytes go through them. Each instance serves one transfer. */
  readonly transforms?: readonly Transform[];
  /** Computed over the bytes as the sink or the destination gets them. */
  readonly digests?: readonly DigestAlgorithm[];
  /** How many bytes the source must give, exactly: LENGTH_MISMATCH otherwise. */
  readonly expectedBytes?: number | undefined;
  /** Unit of reading and writing in bytes, 1 or more. Default: what the sink prefers, else 1 MiB. */
  readonly unitBytes?: number;
  readonly observer?: TransferObserver;
  /** Buffers shared with other transfers. Default: this transfer's own. */
  readonly bufferPool?: BufferPool;
}

export interface IngestOptions extends TransferOptions {
  /** Digests that the source's bytes must have: DIGEST_MISMATCH otherwise, and nothing is kept. */
  readonly expectedDigests?: Digests;
  /**
   * Leave a Readable open where the transfer does not complete, paused and without listeners of ours. For an HTTP
   * request, whose destruction would take the answer with it. Default: false, the source is destroyed.
   */
  readonly keepSourceOnFailure?: boolean;
  /**
   * Whether the source's chunks are nobody else's, as those of an HTTP request are: each chunk's memory is then freed
   * (its ArrayBuffer detached) as soon as it is written. Without effect where others listen to the source's `data`.
   * Default: false.
   */
  readonly releaseChunks?: boolean;
}

export interface DeliverOptions extends TransferOptions {
  /** Which bytes of a delivery source. Default: all. */
  readonly range?: ByteRange | undefined;
  /** End the destination after the last byte. Default: true. */
  readonly end?: boolean;
  /**
   * Whether a buffer may be filled again once the destination's write callback has been called. Default: true for
   * the streams of Node.js that copy by then (sockets, HTTP responses, files), false for any other, which gets
   * memory of its own with each chunk.
   */
  readonly reuseBuffers?: boolean;
}

const MAX_UNIT_BYTES = 1024 * 1024 * 1024;

/** @throws INVALID_OPTION, naming the option and its bounds. */
export function validateTransferOptions(operation: string, options: TransferOptions): void {
  const whole = (name: string, value: number | undefined, least: number, most: number): void => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return;
    throw new StreamIngestionError(
      'INVALID_OPTION',
      `${name} must be a whole number from ${least} to ${most}, but it is ${String(value)}`,
      { operation },
    );
  };
  whole('unitBytes', options.unitBytes, 1, MAX_UNIT_BYTES);
  whole('expectedBytes', options.expectedBytes, 0, Number.MAX_SAFE_INTEGER);
  whole('idleTimeoutMs', options.idleTimeoutMs, 0, 2 ** 31 - 1);
  whole('minBytesPerSecond', options.minBytesPerSecond, 0, Number.MAX_SAFE_INTEGER);
}
