import {
  StreamIngestionError,
  isStreamIngestionError,
  type ErrorCode,
  type TransferOutcome,
} from '../contracts/index.js';

/** The error as it is where it is one of ours, else one of ours around it. */
export function asFailure(code: ErrorCode, operation: string, cause: unknown): StreamIngestionError {
  if (isStreamIngestionError(cause)) return cause;
  return new StreamIngestionError(code, `${operation} failed: ${messageOf(cause)}`, { operation, cause });
}

/**
 * What an abort reason becomes: an error of this transfer alone, since one reason may end many and each gets a report
 * of its own. It has the code of the reason where that is one of ours, else ABORTED; the reason is its cause.
 */
export function asAbort(operation: string, reason: unknown): StreamIngestionError {
  if (!isStreamIngestionError(reason)) {
    return new StreamIngestionError('ABORTED', `the transfer was aborted: ${messageOf(reason)}`, {
      operation,
      cause: reason,
    });
  }
  const { code, message, retry, context, cause = reason } = reason;
  return new StreamIngestionError(code, message, { operation: reason.operation ?? operation, retry, context, cause });
}

const ABORTING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ABORTED',
  'SOURCE_CLOSED',
  'DESTINATION_CLOSED',
  'IDLE_TIMEOUT',
  'DRAINING',
]);

/** Told to stop, or the peer went away: aborted. Anything else that ends a transfer early: failed. */
export function outcomeOf(code: ErrorCode): TransferOutcome {
  return ABORTING.has(code) ? 'aborted' : 'failed';
}

const PREMATURE_CLOSE = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ECANCELED',
]);

/** True for the errors with which Node streams say that the peer went away. */
export function isPrematureClose(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && PREMATURE_CLOSE.has(code);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
