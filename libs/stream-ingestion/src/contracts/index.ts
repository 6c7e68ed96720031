export { ERROR_CODES, type ErrorCode, type RetryAdvice } from './error-code.js';
export {
  StreamIngestionError,
  isStreamIngestionError,
  type StreamIngestionErrorOptions,
} from './stream-ingestion-error.js';
export type { ByteRange } from './byte-range.js';
export type { ByteSource } from './byte-source.js';
export type { DeliverySource } from './delivery-source.js';
export { DIGEST_ALGORITHMS, type DigestAlgorithm, type Digests } from './digest.js';
export type { FinalizeSummary, IngestionSink } from './ingestion-sink.js';
export type { ObjectInfo, ObjectMetadata, StoredObject } from './object-info.js';
export type { PullSource } from './pull-source.js';
export type {
  CreateSinkOptions,
  DeleteOptions,
  ListOptions,
  ObjectPage,
  Store,
  StoreCapabilities,
  StoreHealth,
} from './store.js';
export type { ByteTransform, Emit, Transform, TransformResult } from './transform.js';
export type { TransferObserver, TransferStarted } from './transfer-observer.js';
export type {
  IngestionReport,
  TransferDirection,
  TransferOutcome,
  TransferProgress,
  TransferReport,
  TransferWaits,
  TransformReport,
  WriteDurations,
} from './transfer-report.js';
