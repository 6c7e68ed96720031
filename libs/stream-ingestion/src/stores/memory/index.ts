export { MemoryStore, memoryStore } from './memory.store.js';
export type { MemoryStoreOptions } from './memory.options.js';
export { MemorySink } from './memory.sink.js';
export { MemorySource } from './memory.source.js';
