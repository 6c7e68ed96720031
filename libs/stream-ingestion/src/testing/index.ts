export { ChaosError } from './chaos/chaos-plan.js';
export { chaosSink, type ChaosSinkOptions } from './chaos/chaos.sink.js';
export { chaosSource, type ChaosSourceOptions } from './chaos/chaos.source.js';
export { RecordingSink, type Recording, type SinkCall } from './chaos/recording.sink.js';
export {
  assertFails,
  assertPattern,
  listKeys,
  neverAborted,
  put,
  readFrom,
  readObject,
  statObject,
  writePattern,
  type PutOptions,
} from './conformance/actions.js';
export type { ConformanceCase, ConformanceContext, StoreSubject } from './conformance/conformance-case.js';
export {
  runStoreConformance,
  type StoreConformanceOptions,
  type TestGlobals,
} from './conformance/run-store-conformance.js';
export { STORE_CONFORMANCE_CASES } from './conformance/store-conformance-cases.js';
export { Pattern } from './pattern/pattern.js';
export { patternDigest } from './pattern/pattern-digest.js';
export { patternChunks, patternReadable, patternSource, type PatternStreamOptions } from './pattern/pattern-sources.js';
export { CollectingWritable } from './streams/collecting-writable.js';
export { StallingWritable } from './streams/stalling-writable.js';
