import { runStoreConformance, type StoreSubject } from '../../testing/index.js';
import { fsStore, type FsStore, type FsStoreOptions } from './index.js';
import { listTree, temporaryFolder } from './spec-support/temporary-folder.js';

const UNIT_BYTES = 64 * 1024;

/** Every file that is neither an object nor the sidecar of one, and every directory that no object needs. */
async function leftoversOf(root: string, store: FsStore): Promise<string[]> {
  const { objects } = await store.list({ limit: 1000 });
  const keys = objects.map(({ key }) => key);
  const tree = await listTree(root);
  const own = tree.filter((path) => path.startsWith('.stream-ingestion/'));
  const sidecars = own.filter((path) => /^\.stream-ingestion\/meta\/.*[^/]$/.test(path));
  return [
    ...own.filter((path) => /^\.stream-ingestion\/tmp\/.*[^/]$/.test(path)),
    ...tree.filter((path) => !path.startsWith('.stream-ingestion/') && !keys.some((key) => isNeeded(path, key))),
    ...(sidecars.length === keys.length ? [] : [`${sidecars.length} sidecars of ${keys.length} objects`]),
  ];
}

function isNeeded(path: string, key: string): boolean {
  return path.endsWith('/') ? key.startsWith(path) : key === path;
}

async function create(options: Omit<FsStoreOptions, 'root'>): Promise<StoreSubject> {
  const { path: root, remove } = await temporaryFolder();
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
      await remove();
    },
  };
}

const { capabilities } = fsStore({ root: '.' });

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
