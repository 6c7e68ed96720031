export { BufferPool } from './buffer-pool.js';
export { deliverStream } from './deliver-stream.js';
export { createDigester, type Digester } from './digester.js';
export { DurationHistogram } from './duration-histogram.js';
export { DEFAULT_UNIT_BYTES, ingestStream } from './ingest-stream.js';
export { normalizeObjectKey } from './object-key.js';
export { combineObservers } from './observers.js';
export { TransformChain } from './transform-chain.js';
export type { TransformChainContext } from './transform-chain-context.js';
export {
  TransferRegistry,
  type RegistryState,
  type TransferContext,
  type TransferDescriptor,
  type TransferEntry,
  type TransferRegistryOptions,
} from './transfer-registry.js';
export type { DeliverOptions, IngestOptions, TransferOptions } from './transfer-options.js';
