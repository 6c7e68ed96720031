export { FsStore, fsStore } from './fs.store.js';
export type { FsStoreOptions } from './fs.options.js';
export type { FileSystem } from './file-system.js';
export { FsSink } from './fs.sink.js';
export { FsSource } from './fs.source.js';
