import { requireInteger } from '../option-checks.js';
import { DEFAULT_KEY_ID, headerBytesFor, malformed, MAX_SEGMENTS, TAG_BYTES } from './ciphertext-format.js';
import { requireSegmentBytes } from './encrypt.transform.js';
import { requireKeyId } from './key-checks.js';

/** What the sizes depend on, apart from each other; as it was given to `encrypt`. */
export interface CiphertextLayout {
  /** Default: 65,536. */
  readonly segmentBytes?: number;
  /** Default: `default`. */
  readonly keyId?: string;
}

/**
 * How many bytes `encrypt` makes of so many.
 *
 * @throws INVALID_OPTION, also for more bytes than 2^32 segments hold.
 */
export function ciphertextBytes(plaintextBytes: number, layout: CiphertextLayout = {}): number {
  const { segmentBytes, headerBytes } = resolve('ciphertextBytes', layout);
  const most = MAX_SEGMENTS * segmentBytes;
  const bytes = requireInteger('ciphertextBytes', 'plaintextBytes', plaintextBytes, 0, most);
  return headerBytes + bytes + TAG_BYTES * Math.max(1, Math.ceil(bytes / segmentBytes));
}

/**
 * How many bytes `decrypt` makes of so many.
 *
 * @throws INVALID_OPTION; MALFORMED_INPUT for a size that no ciphertext of that layout has.
 */
export function plaintextBytes(ciphertextBytes: number, layout: CiphertextLayout = {}): number {
  const { segmentBytes, headerBytes } = resolve('plaintextBytes', layout);
  requireInteger('plaintextBytes', 'ciphertextBytes', ciphertextBytes, 0);
  return segmentsIn(ciphertextBytes, headerBytes, segmentBytes).plaintextBytes;
}

export interface Segments {
  /** 1 or more. */
  readonly count: number;
  readonly plaintextBytes: number;
}

/** @throws MALFORMED_INPUT for a size that no ciphertext has. */
export function segmentsIn(ciphertextBytes: number, headerBytes: number, segmentBytes: number): Segments {
  const body = ciphertextBytes - headerBytes;
  const sealedBytes = segmentBytes + TAG_BYTES;
  const count = Math.ceil(body / sealedBytes);
  const lastBytes = body - (count - 1) * sealedBytes;
  const wellFormed = count >= 1 && count <= MAX_SEGMENTS && lastBytes >= TAG_BYTES + (count === 1 ? 0 : 1);
  if (wellFormed) return { count, plaintextBytes: body - count * TAG_BYTES };
  throw malformed('decrypt.size', `no ciphertext has ${ciphertextBytes} bytes: it was cut short or extended`, {
    bytes: ciphertextBytes,
  });
}

function resolve(factory: string, { segmentBytes, keyId = DEFAULT_KEY_ID }: CiphertextLayout) {
  return {
    segmentBytes: requireSegmentBytes(factory, segmentBytes),
    headerBytes: headerBytesFor(requireKeyId(factory, 'keyId', keyId).length),
  };
}
