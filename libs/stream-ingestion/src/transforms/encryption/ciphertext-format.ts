import { StreamIngestionError } from '../../contracts/index.js';

/** First bytes of every ciphertext: "NSIE". */
export const MAGIC = 0x4e534945;
export const FORMAT_VERSION = 1;
/** AES-256-GCM segments in STREAM, keys by HKDF-SHA-256. */
export const SUITE = 1;

/** The fields whose size does not depend on others: magic, version, suite, segment size, length of the key id. */
export const FIXED_HEADER_BYTES = 11;
export const SALT_BYTES = 32;
export const NONCE_PREFIX_BYTES = 7;
export const COMMITMENT_BYTES = 32;
export const MASTER_KEY_BYTES = 32;
export const TAG_BYTES = 16;

export const MAX_KEY_ID_BYTES = 255;
export const DEFAULT_KEY_ID = 'default';

export const MIN_SEGMENT_BYTES = 64;
/** Bounds what a decryptor has to hold, and with the counter what one data key encrypts: 2^52 bytes. */
export const MAX_SEGMENT_BYTES = 1024 * 1024;
/** Large enough that the cost of a segment disappears, small enough that a short range reads little. */
export const DEFAULT_SEGMENT_BYTES = 64 * 1024;
/** The counter has 32 bits. */
export const MAX_SEGMENTS = 2 ** 32;

/** Bytes of a header with a key id of that many bytes. */
export function headerBytesFor(keyIdBytes: number): number {
  return FIXED_HEADER_BYTES + keyIdBytes + SALT_BYTES + NONCE_PREFIX_BYTES + COMMITMENT_BYTES;
}

export const MAX_HEADER_BYTES = headerBytesFor(MAX_KEY_ID_BYTES);

/** A ciphertext that does not follow the format, or whose bytes are not the ones that were written. */
export function malformed(
  operation: string,
  message: string,
  context: Readonly<Record<string, string | number>> = {},
): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', `decrypt: ${message}`, { operation, context });
}
