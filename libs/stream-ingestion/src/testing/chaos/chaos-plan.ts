import { setTimeout as delay } from 'node:timers/promises';

import { StreamIngestionError } from '../../contracts/index.js';

/** What {@link ChaosPlan} throws unless it was given another error. */
export class ChaosError extends Error {
  constructor(where: string) {
    super(`chaos: ${where} failed on purpose`);
    this.name = 'ChaosError';
  }
}

/** @throws INVALID_OPTION */
export function requireCount(option: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new StreamIngestionError('INVALID_OPTION', `chaos: ${option} must be an integer of 0 or more`, {
    operation: 'chaos.create',
  });
}

/** Waits, or rejects as soon as the signal fires. */
export async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (delayMs > 0) await delay(delayMs, undefined, signal === undefined ? {} : { signal });
}
