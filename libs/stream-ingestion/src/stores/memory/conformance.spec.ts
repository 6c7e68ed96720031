import { runStoreConformance } from '../../testing/index.js';
import { memoryStore } from './index.js';

const MAX_BYTES = 64 * 1024 * 1024;

runStoreConformance(
  { describe, it },
  {
    name: 'memory, bounded',
    capabilities: memoryStore({ maxBytes: MAX_BYTES }).capabilities,
    create: () => {
      const store = memoryStore({ maxBytes: MAX_BYTES, unitBytes: 64 * 1024 });
      return Promise.resolve({
        store,
        cleanup: () => Promise.resolve(),
        leftovers: async () => {
          const { objects } = await store.list({ limit: 1000 });
          const storedBytes = objects.reduce((sum, { size }) => sum + size, 0);
          return store.usedBytes === storedBytes ? [] : [`${store.usedBytes - storedBytes} bytes`];
        },
      });
    },
  },
);

runStoreConformance(
  { describe, it },
  {
    name: 'memory, with the defaults',
    capabilities: memoryStore().capabilities,
    create: () => Promise.resolve({ store: memoryStore(), cleanup: () => Promise.resolve() }),
  },
);
