import { createCipheriv, createDecipheriv, type CipherGCM, type KeyObject } from 'node:crypto';

import { StreamIngestionError } from '../../contracts/index.js';
import { malformed, MAX_SEGMENTS, NONCE_PREFIX_BYTES, TAG_BYTES } from './ciphertext-format.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const GCM_OPTIONS = { authTagLength: TAG_BYTES };

/**
 * Encrypts and decrypts single segments of one object: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár:
 * Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, CRYPTO 2015). A nonce is the prefix of the
 * object, the index of the segment, and whether it is the last one.
 */
export class SegmentCipher {
  readonly #key: KeyObject;
  // The ciphers copy it when they are made.
  readonly #nonce = Buffer.alloc(NONCE_BYTES);

  constructor(key: KeyObject, noncePrefix: Uint8Array) {
    this.#key = key;
    this.#nonce.set(noncePrefix);
  }

  /**
   * A cipher for one segment: `update` any number of times, `final`, `getAuthTag`.
   *
   * @throws LIMIT_EXCEEDED for an index that the counter cannot hold.
   */
  sealer(index: number, last: boolean): CipherGCM {
    return createCipheriv(CIPHER, this.#key, this.#nonceOf(index, last), GCM_OPTIONS);
  }

  /**
   * Decrypts one segment, given in one part or several. The tag is its last 16 bytes, which
   * must be there.
   *
   * @returns plaintext in memory of its own, all of it verified.
   * @throws MALFORMED_INPUT where it is not the segment that was written here.
   */
  open(index: number, last: boolean, parts: readonly Uint8Array[]): Buffer[] {
    const decipher = createDecipheriv(CIPHER, this.#key, this.#nonceOf(index, last), GCM_OPTIONS);
    const dataEnd = parts.reduce((sum, part) => sum + part.byteLength, 0) - TAG_BYTES;
    const tag = Buffer.alloc(TAG_BYTES);
    const plain: Buffer[] = [];
    let at = 0;
    for (const part of parts) {
      const data = Math.min(part.byteLength, Math.max(0, dataEnd - at));
      if (data > 0) plain.push(decipher.update(part.subarray(0, data)));
      if (data < part.byteLength) tag.set(part.subarray(data), at + data - dataEnd);
      at += part.byteLength;
    }
    decipher.setAuthTag(tag);
    try {
      decipher.final();
    } catch {
      throw refused(index, last);
    }
    return plain;
  }

  #nonceOf(index: number, last: boolean): Buffer {
    if (index >= MAX_SEGMENTS) {
      throw new StreamIngestionError('LIMIT_EXCEEDED', 'encrypt: more than 2^32 segments; take larger ones', {
        operation: 'encrypt.transform',
        context: { limit: 'segments', segments: MAX_SEGMENTS },
      });
    }
    this.#nonce.writeUInt32BE(index, NONCE_PREFIX_BYTES);
    this.#nonce.writeUInt8(last ? 1 : 0, NONCE_BYTES - 1);
    return this.#nonce;
  }
}

function refused(segment: number, last: boolean): StreamIngestionError {
  const why = last
    ? `the last segment (${segment}) does not verify: the input was cut short, extended or damaged`
    : `segment ${segment} does not verify: it was damaged, moved, or is of another object`;
  return malformed('decrypt.segment', why, { segment });
}
