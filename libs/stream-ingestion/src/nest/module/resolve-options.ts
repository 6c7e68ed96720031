import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '../../contracts/index.js';
import type { MultipartLimits } from '../../http/index.js';
import { resolveMultipartOptions } from '../../http/upload/multipart-options.js';
import type { StreamIngestionOptions } from './module-options.js';
import { refuseOption, wholeNumber } from './option-checks.js';

/** Every option with its default filled in, but for the stores, which the registry holds. */
export interface ResolvedOptions {
  readonly limits: {
    readonly maxUploadBytes: number | undefined;
    readonly maxConcurrentTransfers: number;
    readonly idleTimeoutMs: number;
    readonly minBytesPerSecond: number;
    readonly multipart: MultipartLimits;
  };
  readonly defaults: { readonly digests: readonly DigestAlgorithm[]; readonly unitBytes: number | undefined };
  readonly shutdown: { readonly drainDelayMs: number; readonly graceMs: number };
  readonly recentTransfers: number;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_UNIT_BYTES = 1024 * 1024 * 1024;
const MAX_RECENT = 100_000;

/** @throws INVALID_OPTION, in one line that names the option and its bounds. */
export function resolveOptions({
  limits = {},
  defaults = {},
  shutdown = {},
  recentTransfers = 100,
}: StreamIngestionOptions): ResolvedOptions {
  return {
    limits: {
      maxUploadBytes: optional('limits.maxUploadBytes', limits.maxUploadBytes, 0),
      maxConcurrentTransfers: wholeNumber('limits.maxConcurrentTransfers', limits.maxConcurrentTransfers ?? 256, 1),
      idleTimeoutMs: wholeNumber('limits.idleTimeoutMs', limits.idleTimeoutMs ?? 60_000, 0, MAX_TIMER_MS),
      minBytesPerSecond: wholeNumber('limits.minBytesPerSecond', limits.minBytesPerSecond ?? 0, 0),
      multipart: multipartLimits(limits.multipart),
    },
    defaults: {
      digests: digestsOf(defaults.digests ?? ['sha256']),
      unitBytes: optional('defaults.unitBytes', defaults.unitBytes, 1, MAX_UNIT_BYTES),
    },
    shutdown: {
      drainDelayMs: wholeNumber('shutdown.drainDelayMs', shutdown.drainDelayMs ?? 0, 0, MAX_TIMER_MS),
      graceMs: wholeNumber('shutdown.graceMs', shutdown.graceMs ?? 25_000, 0, MAX_TIMER_MS),
    },
    recentTransfers: wholeNumber('recentTransfers', recentTransfers, 0, MAX_RECENT),
  };
}

/** Every file of a form waits for the form's end with what its store holds open for it. */
const MAX_FORM_FILES = 1000;

function multipartLimits(limits: MultipartLimits = {}): MultipartLimits {
  try {
    resolveMultipartOptions(limits);
  } catch (error) {
    return refuseOption(`limits.multipart.${(error as Error).message}`);
  }
  return { ...limits, maxFiles: limits.maxFiles ?? MAX_FORM_FILES };
}

function optional(name: string, value: number | undefined, least: number, most?: number): number | undefined {
  return value === undefined ? undefined : wholeNumber(name, value, least, most);
}

function digestsOf(digests: readonly string[]): readonly DigestAlgorithm[] {
  const unknown = digests.filter((algorithm) => !DIGEST_ALGORITHMS.some((each) => each === algorithm));
  if (unknown.length === 0) return DIGEST_ALGORITHMS.filter((algorithm) => digests.includes(algorithm));
  return refuseOption(
    `defaults.digests must be of ${DIGEST_ALGORITHMS.join(', ')}, but it holds ${unknown.join(', ')}`,
  );
}
