/**
 * Everything but what needs an optional package: metrics, health and the stores of vendors have subpaths of their own.
 */
export * from './contracts/index.js';
export * from './engine/index.js';
export * from './transforms/index.js';
export * from './stores/memory/index.js';
export * from './nest/index.js';
