/**
 * Everything but what needs an optional package: metrics, health and the stores of vendors have subpaths of their own.
 */
export * from './contracts/index.js';
export * from './engine/index.js';
export * from './transforms/index.js';
export * from './stores/memory/index.js';
export * from './stores/fs/index.js';
export {
  contentDisposition,
  formatHttpDate,
  formatReprDigest,
  multipartParts,
  parseDigestField,
  parseHttpDate,
  planDelivery,
  problemOf,
  readRawUpload,
  safeFileName,
  sendDelivery,
  sendProblem,
  type DeliveryPlan,
  type DeliveryPlanOptions,
  type MultipartField,
  type MultipartFile,
  type MultipartLimits,
  type MultipartOptions,
  type MultipartPart,
  type Problem,
  type ProblemDocument,
  type RawUpload,
} from './http/index.js';
export * from './nest/index.js';
