import { StreamIngestionError } from '../contracts/index.js';

/** @throws INVALID_OPTION unless it is a byte count, or undefined. */
export function requireExpectedBytes(expectedBytes: number | undefined): void {
  if (expectedBytes === undefined || (Number.isSafeInteger(expectedBytes) && expectedBytes >= 0)) return;
  throw new StreamIngestionError('INVALID_OPTION', 'expectedBytes must be an integer of 0 or more', {
    operation: 'store.createSink',
    context: { expectedBytes },
  });
}
