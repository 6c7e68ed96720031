export type { ModuleTransform, NamedTransform, TransformDeclaration } from './declaration.js';
export { LIBRARY_TRANSFORM_NAMES } from './library-transforms.js';
export { TransformWorkerPool, type OffloadOptions } from './transform-worker-pool.js';
export type { WorkerPoolMetrics, WorkerThreadMetrics } from './worker-pool-metrics.js';
export type { WorkerPoolOptions } from './worker-pool.options.js';
