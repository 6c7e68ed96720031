import { createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

import { COMMITMENT_BYTES, malformed } from './ciphertext-format.js';
import type { ParsedHeader } from './encryption-header.js';

const INFO_LABEL = 'nestjs-stream-ingestion/encryption/v1';
const DATA_KEY_BYTES = 32;

export interface DerivedKeys {
  /** Encrypts the segments of this one object. */
  readonly dataKey: KeyObject;
  /** Ends the header: only the right master key over the same header gives it. */
  readonly commitment: Buffer;
}

/**
 * HKDF-SHA-256 (RFC 5869): the salt of the object as salt, a label and all header fields as info. Every bit of the
 * header is thereby part of the key.
 */
export function deriveKeys(master: KeyObject, salt: Uint8Array, headerFields: Uint8Array): DerivedKeys {
  const info = Buffer.concat([Buffer.from(INFO_LABEL, 'latin1'), headerFields]);
  const derived = Buffer.from(hkdfSync('sha256', master, salt, info, DATA_KEY_BYTES + COMMITMENT_BYTES));
  const dataKey = createSecretKey(derived.subarray(0, DATA_KEY_BYTES));
  derived.fill(0, 0, DATA_KEY_BYTES);
  return { dataKey, commitment: derived.subarray(DATA_KEY_BYTES) };
}

/**
 * The data key of an object, for a header that is thereby authenticated.
 *
 * @throws MALFORMED_INPUT where header and key do not belong together.
 */
export function openDataKey(master: KeyObject, header: ParsedHeader): KeyObject {
  const { dataKey, commitment } = deriveKeys(master, header.salt, header.fields);
  if (timingSafeEqual(commitment, header.commitment)) return dataKey;
  throw malformed('decrypt.header', 'the header does not verify: it was changed, or encrypted with another key', {
    keyId: header.keyId,
  });
}
