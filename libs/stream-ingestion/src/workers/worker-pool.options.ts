import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';

import { StreamIngestionError } from '../contracts/index.js';

export interface WorkerPoolOptions {
  /** Threads for the library's own transforms and shared modules, 1 to 256. Default: as many as there are cores. */
  readonly sharedThreads?: number;
  /** Transfers that one shared thread serves at a time, in turns; 1 to 10,000. Default: 64. */
  readonly sessionsPerThread?: number;
  /** Threads for modules, each serving one transfer at a time; 1 to 256. About 8 to 12 MB each. Default: 16. */
  readonly ownThreads?: number;
  /** Transfers that may wait for a thread; one more fails with TOO_MANY_TRANSFERS. 0 to 100,000. Default: 1,000. */
  readonly queueLimit?: number;
  /** A thread without work for that long is ended, in milliseconds; 0 at once. Default: 30,000. */
  readonly idleMs?: number;
  /**
   * A transform that has work and gives no sign for that long fails, in milliseconds; 0: never. It must be longer
   * than the longest that one unit of input, or the end, may take. Default: 30,000.
   */
  readonly hangTimeoutMs?: number;
  /** How long an aborted module may take to end before its thread is, in milliseconds. Default: 1,000. */
  readonly abortGraceMs?: number;
  /**
   * Bytes in flight between the threads for one transfer, both directions together: at least two units. Default: 1 MiB.
   */
  readonly windowBytes?: number;
  /** Size of the buffers that are moved, 4 KiB to 16 MiB. Default: 64 KiB. */
  readonly unitBytes?: number;
  /** Buffers that are kept for later transfers, in bytes. Default: 16 MiB. */
  readonly idleBufferBytes?: number;
  /**
   * What V8 may take in each thread, see `node:worker_threads`. Buffers do not count. Default: 256 MB of old generation.
   */
  readonly resourceLimits?: ResourceLimits;
  /**
   * By how much threads give way to the main thread where cores are short, 0 to 19, as `nice` does; on Linux only, where
   * each thread has a priority of its own. Default: 5, about a third of its share.
   */
  readonly threadNiceness?: number;
  /** How long `close` waits for transfers, in milliseconds. Default: 30,000. */
  readonly closeGraceMs?: number;
  /**
   * The file that threads run: `workers/thread.js` of this package. Only an application that is bundled into one file
   * has to say where it put it. Default: found beside the library's code.
   */
  readonly threadEntry?: URL;
}

export type ResolvedWorkerPoolOptions = Required<WorkerPoolOptions>;

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
const DAY_MS = 24 * 60 * 60 * 1000;

/** @throws INVALID_OPTION, naming the option and its bounds. */
export function resolveWorkerPoolOptions(options: WorkerPoolOptions): ResolvedWorkerPoolOptions {
  const unitBytes = integer('unitBytes', options.unitBytes ?? 64 * KIBIBYTE, 4 * KIBIBYTE, 16 * MEBIBYTE);
  return {
    unitBytes,
    windowBytes: integer(
      'windowBytes',
      options.windowBytes ?? Math.max(MEBIBYTE, 2 * unitBytes),
      2 * unitBytes,
      2 ** 31,
    ),
    sharedThreads: integer('sharedThreads', options.sharedThreads ?? availableParallelism(), 1, 256),
    sessionsPerThread: integer('sessionsPerThread', options.sessionsPerThread ?? 64, 1, 10_000),
    ownThreads: integer('ownThreads', options.ownThreads ?? 16, 1, 256),
    queueLimit: integer('queueLimit', options.queueLimit ?? 1000, 0, 100_000),
    idleMs: integer('idleMs', options.idleMs ?? 30_000, 0, DAY_MS),
    hangTimeoutMs: integer('hangTimeoutMs', options.hangTimeoutMs ?? 30_000, 0, DAY_MS),
    abortGraceMs: integer('abortGraceMs', options.abortGraceMs ?? 1000, 0, DAY_MS),
    idleBufferBytes: integer('idleBufferBytes', options.idleBufferBytes ?? 16 * MEBIBYTE, 0, 2 ** 40),
    closeGraceMs: integer('closeGraceMs', options.closeGraceMs ?? 30_000, 0, DAY_MS),
    threadNiceness: integer('threadNiceness', options.threadNiceness ?? 5, 0, 19),
    resourceLimits: options.resourceLimits ?? { maxOldGenerationSizeMb: 256 },
    // One folder down from the package's dist, wherever the bundler put this code.
    threadEntry: options.threadEntry ?? new URL('../workers/thread.js', import.meta.url),
  };
}

function integer(option: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new StreamIngestionError(
    'INVALID_OPTION',
    `worker pool: ${option} must be an integer from ${least} to ${most}, got ${String(value)}`,
    { operation: 'workers.create', context: { option } },
  );
}
