import type { DigestAlgorithm, Store } from '../../contracts/index.js';
import type { MultipartLimits } from '../../http/index.js';

/** A store under the name by which the application calls it. */
export interface NamedStore {
  readonly name: string;
  readonly store: Store;
}

export interface LimitOptions {
  /** Most bytes of one upload; LIMIT_EXCEEDED (413) beyond. Default: none. */
  readonly maxUploadBytes?: number;
  /** Most transfers at once, 1 or more; one more is refused with TOO_MANY_TRANSFERS (503). Default: 256. */
  readonly maxConcurrentTransfers?: number;
  /** A transfer that moves no byte for that long is aborted with IDLE_TIMEOUT; 0: never. Default: 60,000. */
  readonly idleTimeoutMs?: number;
  /** A transfer slower than that is aborted with IDLE_TIMEOUT; 0: no least rate. Default: 0. */
  readonly minBytesPerSecond?: number;
  /** Limits of forms. Default: 1,000 files, else those of `multipartParts`. */
  readonly multipart?: MultipartLimits;
}

export interface DefaultOptions {
  /** Digests that are computed of everything that is stored. Default: `['sha256']`. */
  readonly digests?: readonly DigestAlgorithm[];
  /** Unit of reading and writing in bytes. Default: what the sink prefers, else 1 MiB. */
  readonly unitBytes?: number;
}

export interface ShutdownOptions {
  /** How long new transfers are still taken once the shutdown has begun and readiness says 503. Default: 0. */
  readonly drainDelayMs?: number;
  /** How long running transfers have after that, before they are aborted. Default: 25,000. */
  readonly graceMs?: number;
}

/** Options of `StreamIngestionModule.forRoot`, and what the factory of `forRootAsync` gives. */
export interface StreamIngestionOptions {
  /** Stores by name, or a list of them. Names: letters, digits, `-`, `_`, 1 to 64. */
  readonly stores?: Readonly<Record<string, Store>> | readonly NamedStore[];
  /** The store of a target that names none. Default: the first of `stores`, else of `storeProviders`. */
  readonly defaultStore?: string;
  readonly limits?: LimitOptions;
  readonly defaults?: DefaultOptions;
  readonly shutdown?: ShutdownOptions;
  /** How many settled transfers are remembered. Default: 100. */
  readonly recentTransfers?: number;
}
