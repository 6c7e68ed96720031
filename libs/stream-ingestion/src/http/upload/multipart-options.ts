import { StreamIngestionError } from '../../contracts/index.js';

/** Bounds of one multipart request. Passing one is LIMIT_EXCEEDED. A bound may be `Infinity`, unless it says otherwise. */
export interface MultipartLimits {
  /** Parts that are no files. Default: 1,000. */
  readonly maxFields?: number | undefined;
  /** Bytes of one field's value, which is held in memory. Default: 1 MiB. Finite. */
  readonly maxFieldBytes?: number | undefined;
  /** Bytes of all fields' values together. Default: 8 MiB. */
  readonly maxTotalFieldBytes?: number | undefined;
  /** Parts that are files, empty ones too. Default: 10,000. */
  readonly maxFiles?: number | undefined;
  /** Bytes of one file. Default: no bound. */
  readonly maxFileBytes?: number | undefined;
  /** Fields and files together. Default: no bound but those two. */
  readonly maxParts?: number | undefined;
  /** Bytes of one part's header lines. Default: 16 KiB. 128 to 1 MiB. */
  readonly maxHeaderBytes?: number | undefined;
}

export interface MultipartOptions extends MultipartLimits {
  /**
   * How long the client may stay silent while a field or the next part is awaited, in milliseconds; 0: for ever.
   * Default: 60,000. The content of a file is not watched here, but by the transfer that reads it.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Ends the reading: whoever awaits a part or reads a file gets the reason. */
  readonly signal?: AbortSignal | undefined;
}

export type ResolvedMultipartOptions = {
  readonly [Name in keyof Required<MultipartOptions>]: Name extends 'signal' ? AbortSignal | undefined : number;
};

const KIB = 1024;
const MIB = 1024 * KIB;

/** @throws INVALID_OPTION, naming the option and its bounds. */
export function resolveMultipartOptions(options: MultipartOptions): ResolvedMultipartOptions {
  return {
    maxFields: count('maxFields', options.maxFields ?? 1000),
    maxFieldBytes: count('maxFieldBytes', options.maxFieldBytes ?? MIB, 0, 512 * MIB),
    maxTotalFieldBytes: count('maxTotalFieldBytes', options.maxTotalFieldBytes ?? 8 * MIB),
    maxFiles: count('maxFiles', options.maxFiles ?? 10_000),
    maxFileBytes: count('maxFileBytes', options.maxFileBytes ?? Infinity),
    maxParts: count('maxParts', options.maxParts ?? Infinity),
    maxHeaderBytes: count('maxHeaderBytes', options.maxHeaderBytes ?? 16 * KIB, 128, MIB),
    idleTimeoutMs: count('idleTimeoutMs', options.idleTimeoutMs ?? 60_000, 0, 2 ** 31 - 1),
    signal: options.signal,
  };
}

function count(name: string, value: number, least = 0, most = Infinity): number {
  const whole = Number.isSafeInteger(value) || value === Infinity;
  if (whole && value >= least && value <= most) return value;
  const bounds = most === Infinity ? `${least} or more, or Infinity` : `${least} to ${most}`;
  throw new StreamIngestionError('INVALID_OPTION', `${name} must be a whole number, ${bounds}, but it is ${value}`, {
    operation: 'multipart.options',
  });
}
