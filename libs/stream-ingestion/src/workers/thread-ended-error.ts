import { StreamIngestionError } from '../contracts/index.js';
import type { ResolvedUnit } from './declaration.js';
import type { ThreadEnd } from './pool-thread.js';

/** What a transfer fails with when its thread ends under it. */
export function threadEndedError(unit: ResolvedUnit, { exitCode, error }: ThreadEnd): StreamIngestionError {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  const how = error instanceof Error ? error.message : `exit code ${exitCode}`;
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
