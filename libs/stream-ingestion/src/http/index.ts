export {
  formatHttpDate,
  joinFieldLines,
  parseHttpDate,
  planDelivery,
  sendDelivery,
  type Delivery,
  type DeliveryBody,
  type DeliveryObject,
  type DeliveryPart,
  type DeliveryPlan,
  type DeliveryPlanOptions,
  type DeliveryRequest,
  type DeliveryStatus,
  type MultipartBody,
  type SendOptions,
} from './delivery/index.js';
export { clientGone, type ClientGone } from './connection/client-gone.js';
export { applyServerTimeouts, type ServerTimeoutOptions } from './connection/server-timeouts.js';
export { contentDisposition } from './fields/content-disposition.js';
export { formatReprDigest, parseDigestField, parseWantDigest, type WantedDigests } from './fields/digest-fields.js';
export { safeFileName } from './fields/file-name.js';
export { parseMediaType, type MediaType } from './fields/media-type.js';
export type { DiscardLimits } from './problem/discard-rest.js';
export { problemOf, type ProblemOptions } from './problem/problem-of.js';
export type { Problem, ProblemDocument } from './problem/problem.js';
export { sendProblem } from './problem/send-problem.js';
export type { MultipartLimits, MultipartOptions } from './upload/multipart-options.js';
export type { MultipartField, MultipartFile, MultipartPart } from './upload/multipart-part.js';
export { multipartParts } from './upload/multipart-parts.js';
export { readRawUpload, type RawUpload } from './upload/raw-upload.js';
export { assertRequestFraming } from './upload/request-framing.js';
export { readUploadConditions, type UploadConditions } from './upload/upload-conditions.js';
