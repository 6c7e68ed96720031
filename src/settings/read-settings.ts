import { resolve } from 'node:path';

import { EnvironmentReader, type Environment } from './environment-reader.js';
import { HTTP_ADAPTERS, STORE_NAMES, type Settings } from './settings.js';

// setTimeout takes no more.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Reads the settings. A variable that is unset or empty has its default.
 *
 * @throws SettingError for the first variable that cannot be taken.
 */
export function readSettings(environment: Environment): Settings {
  const read = new EnvironmentReader(environment);
  return {
    port: read.wholeNumber('PORT', 0, 65_535) ?? 3000,
    host: read.hostName('HOST') ?? '127.0.0.1',
    dataDir: resolve(read.text('DATA_DIR') ?? 'data'),
    defaultStore: read.oneOf('DEFAULT_STORE', STORE_NAMES) ?? 'fs',
    maxUploadBytes: read.wholeNumber('MAX_UPLOAD_BYTES', 1),
    maxConcurrentTransfers: read.wholeNumber('MAX_CONCURRENT_TRANSFERS', 1) ?? 256,
    idleTimeoutMs: read.wholeNumber('IDLE_TIMEOUT_MS', 0, LONGEST_TIMER_MS) ?? 60_000,
    bandwidthLimit: read.wholeNumber('BANDWIDTH_LIMIT', 1),
    bandwidthLimitPerClient: read.wholeNumber('BANDWIDTH_LIMIT_PER_CLIENT', 1),
    shutdownDrainDelayMs: read.wholeNumber('SHUTDOWN_DRAIN_DELAY_MS', 0, LONGEST_TIMER_MS) ?? 0,
    shutdownGraceMs: read.wholeNumber('SHUTDOWN_GRACE_MS', 0, LONGEST_TIMER_MS) ?? 25_000,
    httpAdapter: read.oneOf('HTTP_ADAPTER', HTTP_ADAPTERS) ?? 'express',
  };
}
