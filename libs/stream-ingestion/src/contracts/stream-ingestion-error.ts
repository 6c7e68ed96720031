import type { ErrorCode, RetryAdvice } from './error-code.js';
import type { TransferReport } from './transfer-report.js';

const BRAND = Symbol.for('nestjs-stream-ingestion.error');

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SOURCE_FAILED',
  'SOURCE_CLOSED',
  'SINK_FAILED',
  'DESTINATION_FAILED',
  'DESTINATION_CLOSED',
  'ABORTED',
  'IDLE_TIMEOUT',
  'NO_SPACE',
  'STORE_UNAVAILABLE',
  'DRAINING',
  'TOO_MANY_TRANSFERS',
]);

export interface StreamIngestionErrorOptions {
  /** What was being done, as `subject.verb`: `fs.finalize`, `ingest.write`. */
  readonly operation?: string;
  /** Facts that help a reader of a log. Never credentials, never content. */
  readonly context?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Default: by code; see {@link RetryAdvice}. */
  readonly retry?: RetryAdvice;
  readonly cause?: unknown;
}

/**
 * The one error class of the library. Branded with a registered symbol, so that {@link isStreamIngestionError}
 * recognises it across two installed copies of the package.
 */
export class StreamIngestionError extends Error {
  readonly code: ErrorCode;
  readonly retry: RetryAdvice;
  readonly operation: string | undefined;
  readonly context: Readonly<Record<string, string | number | boolean | undefined>>;
  /** The report of the transfer that this error ended, where it ended one. */
  report?: TransferReport;
  /** What the sink's `abort` threw, where it failed too. What it should have removed may still be there. */
  abortFailure?: unknown;

  constructor(code: ErrorCode, message: string, options: StreamIngestionErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'StreamIngestionError';
    this.code = code;
    this.retry = options.retry ?? (RETRYABLE.has(code) ? 'maybe' : 'never');
    this.operation = options.operation;
    this.context = options.context ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for a {@link StreamIngestionError} of this or any other copy of the package. */
export function isStreamIngestionError(value: unknown): value is StreamIngestionError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
