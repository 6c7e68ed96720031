import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import { TransformWorkerPool } from '../transform-worker-pool.js';
import type { WorkerPoolOptions } from '../worker-pool.options.js';

/** A transform whose module is written for a test. */
export const misbehaving = (exportName: string, options?: unknown) => ({
  module: resolve(__dirname, 'modules/misbehaving.mjs'),
  exportName,
  options,
});

/** Pools whose threads run the thread entry as it stands in the sources; call within `describe`. */
export function usePools(): (options?: WorkerPoolOptions) => TransformWorkerPool {
  const folder = mkdtempSync(join(tmpdir(), 'thread-entry-'));
  const pools: TransformWorkerPool[] = [];

  beforeAll(async () => {
    await build({
      entryPoints: [resolve(__dirname, '../thread.ts')],
      outfile: join(folder, 'thread.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      external: ['@node-rs/*'],
      logLevel: 'warning',
    });
  });

  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return (options = {}) => {
    const pool = new TransformWorkerPool({ threadEntry: pathToFileURL(join(folder, 'thread.mjs')), ...options });
    pools.push(pool);
    return pool;
  };
}
