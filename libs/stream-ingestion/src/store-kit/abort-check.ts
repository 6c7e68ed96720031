import { StreamIngestionError } from '../contracts/index.js';

/** @throws ABORTED where the signal has fired; `cause` is its reason. */
export function throwIfAborted(signal: AbortSignal | undefined, operation: string): void {
  if (!signal?.aborted) return;
  const cause: unknown = signal.reason;
  throw new StreamIngestionError('ABORTED', `${operation} was aborted`, { operation, cause });
}
