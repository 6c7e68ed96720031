import { StreamIngestionError } from '../contracts/index.js';
import type { ResolvedUnit } from './declaration.js';
import type { ThreadEnd } from './pool-thread.js';

/** What a transfer fails with when its thread ends under it. */
export function threadEndedError(unit: ResolvedUnit, { exitCode, error }: ThreadEnd): StreamIngestionError {
  // By shape: it was made in another realm, and may be anything that can be thrown.
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const how = typeof message === 'string' ? message : `exit code ${exitCode}`;
  const what = code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'ran out of memory' : 'ended';
  return new StreamIngestionError(
    'TRANSFORM_FAILED',
    `${unit.name}: its worker thread ${what} before it was done: ${how}`,
    {
      operation: 'workers.run',
      context: { exitCode, isolation: unit.isolation },
      cause: error ?? new Error(`the thread ended with exit code ${exitCode}`),
    },
  );
}
