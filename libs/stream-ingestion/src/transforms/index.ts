export { brotliCompress, brotliDecompress, type BrotliCompressOptions } from './brotli.transform.js';
export { byteLimit, type ByteLimitOptions } from './byte-limit.transform.js';
export { type Clock } from './clock.js';
export { type DecompressionOptions } from './decompression-limit.js';
export { deflate, inflate } from './deflate.transform.js';
export { digest, type DigestOptions } from './digest.transform.js';
export { gunzip, gzip, type DeflateOptions } from './gzip.transform.js';
export { progress, type ProgressEvent, type ProgressOptions } from './progress.transform.js';
export { throttle, type SharedThrottleOptions } from './throttle.transform.js';
export { TokenBucket, type TokenBucketOptions, type TokenBucketRate } from './token-bucket.js';
export {
  ciphertextBytes,
  decrypt,
  decryptingSource,
  encrypt,
  keyRing,
  plaintextBytes,
  type CiphertextLayout,
  type DecryptOptions,
  type EncryptionKey,
  type EncryptionKeyProvider,
  type EncryptOptions,
  type EncryptWithKeyOptions,
  type EncryptWithProviderOptions,
  type KeyRingOptions,
  type MasterKey,
} from './encryption/index.js';
