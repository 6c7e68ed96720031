import {
  COMMITMENT_BYTES,
  FIXED_HEADER_BYTES,
  FORMAT_VERSION,
  headerBytesFor,
  MAGIC,
  malformed,
  MAX_SEGMENT_BYTES,
  MIN_SEGMENT_BYTES,
  NONCE_PREFIX_BYTES,
  SALT_BYTES,
  SUITE,
} from './ciphertext-format.js';
import { isKeyId } from './key-checks.js';

const OPERATION = 'decrypt.header';

/** What the header of one object says; true only once its commitment was checked. */
export interface EncryptionHeader {
  readonly keyId: string;
  readonly segmentBytes: number;
  readonly salt: Uint8Array;
  readonly noncePrefix: Uint8Array;
}

/** Everything of the header but the commitment that ends it: the bytes to which the keys are bound. */
export function encodeHeaderFields({ keyId, segmentBytes, salt, noncePrefix }: EncryptionHeader): Buffer {
  const fixed = Buffer.alloc(FIXED_HEADER_BYTES);
  fixed.writeUInt32BE(MAGIC, 0);
  fixed.writeUInt8(FORMAT_VERSION, 4);
  fixed.writeUInt8(SUITE, 5);
  fixed.writeUInt32BE(segmentBytes, 6);
  fixed.writeUInt8(keyId.length, 10);
  return Buffer.concat([fixed, Buffer.from(keyId, 'latin1'), salt, noncePrefix]);
}

/**
 * How long the header is that begins with these 11 bytes.
 *
 * @throws MALFORMED_INPUT for another format, version or suite, and for sizes out of their bounds.
 */
export function headerBytesIn(start: Buffer): number {
  if (start.readUInt32BE(0) !== MAGIC) throw malformed(OPERATION, 'the input is no ciphertext of this library');
  const version = start.readUInt8(4);
  if (version !== FORMAT_VERSION) throw malformed(OPERATION, `format version ${version} is not known`, { version });
  const suite = start.readUInt8(5);
  if (suite !== SUITE) throw malformed(OPERATION, `cipher suite ${suite} is not known`, { suite });
  const segmentBytes = start.readUInt32BE(6);
  if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
    const bounds = `${MIN_SEGMENT_BYTES} to ${MAX_SEGMENT_BYTES}`;
    throw malformed(OPERATION, `segments of ${segmentBytes} bytes; allowed are ${bounds}`, { segmentBytes });
  }
  const keyIdBytes = start.readUInt8(10);
  if (keyIdBytes === 0) throw malformed(OPERATION, 'the key id is empty');
  return headerBytesFor(keyIdBytes);
}

export interface ParsedHeader extends EncryptionHeader {
  readonly byteLength: number;
  /** See {@link encodeHeaderFields}. */
  readonly fields: Uint8Array;
  readonly commitment: Uint8Array;
}

/**
 * Parses a complete header. What it returns are copies.
 *
 * @throws MALFORMED_INPUT.
 */
export function parseHeader(bytes: Uint8Array): ParsedHeader {
  const header = Buffer.from(bytes);
  const byteLength = headerBytesIn(header);
  const fields = header.subarray(0, byteLength - COMMITMENT_BYTES);
  const saltFrom = fields.byteLength - SALT_BYTES - NONCE_PREFIX_BYTES;
  const keyId = fields.toString('latin1', FIXED_HEADER_BYTES, saltFrom);
  if (!isKeyId(keyId)) throw malformed(OPERATION, 'the key id holds other than visible ASCII characters');
  return {
    byteLength,
    fields,
    keyId,
    segmentBytes: header.readUInt32BE(6),
    salt: fields.subarray(saltFrom, saltFrom + SALT_BYTES),
    noncePrefix: fields.subarray(saltFrom + SALT_BYTES),
    commitment: header.subarray(fields.byteLength, byteLength),
  };
}
