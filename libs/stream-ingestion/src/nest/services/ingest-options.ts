import { StreamIngestionError, type TransferObserver } from '../../contracts/index.js';
import { combineObservers, type IngestOptions } from '../../engine/index.js';
import type { ResolvedOptions } from '../module/resolve-options.js';
import { byteLimit } from '../../transforms/index.js';
import { definedOf } from './defined-of.js';
import type { IngestionOptions } from './ingest-target.js';

/** What the engine is told: the caller's options over the module's. @throws LIMIT_EXCEEDED for an announced length. */
export function ingestOptionsOf(
  { maxBytes, signal: _signal, observer: own, ...options }: IngestionOptions,
  { limits, defaults }: ResolvedOptions,
  observer: TransferObserver,
): Omit<IngestOptions, 'id' | 'signal'> {
  const most = maxBytes ?? limits.maxUploadBytes ?? Infinity;
  return {
    idleTimeoutMs: limits.idleTimeoutMs,
    minBytesPerSecond: limits.minBytesPerSecond,
    digests: defaults.digests,
    ...definedOf({ unitBytes: defaults.unitBytes }),
    ...definedOf(options),
    observer: own === undefined ? observer : combineObservers([observer, own]),
    transforms: limited(options, most),
  };
}

/** An announced length is held by the engine, so only an unknown one needs counting. */
function limited({ expectedBytes, transforms = [] }: IngestionOptions, most: number) {
  if (expectedBytes === undefined)
    return most === Infinity ? transforms : [byteLimit({ maxBytes: most }), ...transforms];
  if (expectedBytes <= most) return transforms;
  throw new StreamIngestionError('LIMIT_EXCEEDED', `an upload must not be longer than ${most} bytes`, {
    operation: 'ingest.limit',
    context: { expectedBytes, maxBytes: most },
  });
}
