import { StreamIngestionError } from '../../contracts/index.js';

export interface MemoryStoreOptions {
  /** Most bytes that the store holds, unfinished objects included; NO_SPACE beyond. 0 or more. Default: no bound. */
  readonly maxBytes?: number;
  /** Unit in which sinks are written, in bytes. 1 B to 64 MiB. Default: 256 KiB. */
  readonly unitBytes?: number;
}

export interface ResolvedMemoryStoreOptions {
  readonly maxBytes: number;
  readonly unitBytes: number;
}

const DEFAULT_UNIT_BYTES = 256 * 1024;
const MAX_UNIT_BYTES = 64 * 1024 * 1024;

/** @throws INVALID_OPTION */
export function resolveMemoryStoreOptions(options: MemoryStoreOptions): ResolvedMemoryStoreOptions {
  const { maxBytes = Number.POSITIVE_INFINITY, unitBytes = DEFAULT_UNIT_BYTES } = options;
  if (!(maxBytes >= 0)) throw invalid('memory store: maxBytes must be 0 or more');
  if (!Number.isInteger(unitBytes) || unitBytes < 1 || unitBytes > MAX_UNIT_BYTES) {
    throw invalid(`memory store: unitBytes must be an integer from 1 to ${MAX_UNIT_BYTES}`);
  }
  return { maxBytes, unitBytes };
}

function invalid(message: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', message, { operation: 'memory.create' });
}
