import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { runStoreConformance, type StoreSubject } from '../../testing/index.js';
import { fsStore, type FsStore, type FsStoreOptions } from './index.js';

const UNIT_BYTES = 64 * 1024;

/** Every file that is neither an object nor the sidecar of one, and every directory that no object needs. */
async function leftoversOf(root: string, store: FsStore): Promise<string[]> {
  const { objects } = await store.list({ limit: 1000 });
  const keys = objects.map(({ key }) => key);
  const leftovers: string[] = [];
  let sidecars = 0;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (path.startsWith('.stream-ingestion')) {
      if (!entry.isFile()) continue;
      if (path.startsWith('.stream-ingestion/meta/')) sidecars += 1;
      else leftovers.push(path);
    } else if (entry.isFile() ? !keys.includes(path) : !keys.some((key) => key.startsWith(`${path}/`))) {
      leftovers.push(path);
    }
  }
  if (sidecars !== keys.length) leftovers.push(`${sidecars} sidecars of ${keys.length} objects`);
  return leftovers;
}

async function create(options: Omit<FsStoreOptions, 'root'>): Promise<StoreSubject> {
  const root = await mkdtemp(join(tmpdir(), 'fs-store-'));
  const store = fsStore({ root, ...options });
  await store.start();
  return {
    store,
    leftovers: () => leftoversOf(root, store),
    async reopen() {
      const later = fsStore({ root, ...options });
      await later.start();
      return later;
    },
    async cleanup() {
      await store.close();
      await rm(root, { recursive: true });
    },
  };
}

const { capabilities } = fsStore({ root: tmpdir() });

runStoreConformance(
  { describe, it },
  { name: 'fs', capabilities, create: () => create({ unitBytes: UNIT_BYTES, cachedSidecars: 10 }) },
);

runStoreConformance(
  { describe, it },
  {
    name: 'fs, without fsync and cache',
    capabilities,
    create: () => create({ unitBytes: UNIT_BYTES, fsync: false, cachedSidecars: 0 }),
  },
);
