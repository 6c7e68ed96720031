import { createDecipheriv, createHmac } from 'node:crypto';

import { cut, drive } from '../spec-support/drive-transform.js';
import { decrypt } from './decrypt.transform.js';
import { EncryptTransform } from './encrypt.transform.js';
import { keyRing } from './key-ring.js';
import {
  ciphertextOf,
  HEADER,
  KEY_ID,
  KNOWN_ANSWERS,
  MASTER_KEY,
  NONCE_PREFIX,
  SALT,
  SEGMENT_BYTES,
} from './spec-support/known-answers.js';

const keyProvider = keyRing({ current: KEY_ID, keys: { [KEY_ID]: MASTER_KEY } });

/** Written from docs/reference/ciphertext-format.md, with nothing of the library. */
function decryptByTheBook(ciphertext: Buffer, masterKey: Buffer): Buffer {
  const segmentBytes = ciphertext.readUInt32BE(6);
  const fieldsEnd = 11 + ciphertext.readUInt8(10) + 32 + 7;
  const salt = ciphertext.subarray(fieldsEnd - 39, fieldsEnd - 7);
  const noncePrefix = ciphertext.subarray(fieldsEnd - 7, fieldsEnd);
  // HKDF (RFC 5869): extract, then two rounds of expand.
  const info = Buffer.concat([Buffer.from('nestjs-stream-ingestion/encryption/v1'), ciphertext.subarray(0, fieldsEnd)]);
  const pseudorandomKey = createHmac('sha256', salt).update(masterKey).digest();
  const dataKey = createHmac('sha256', pseudorandomKey).update(info).update(Buffer.of(1)).digest();
  const commitment = createHmac('sha256', pseudorandomKey).update(dataKey).update(info).update(Buffer.of(2)).digest();
  expect(ciphertext.subarray(fieldsEnd, fieldsEnd + 32).toString('hex')).toBe(commitment.toString('hex'));

  const plaintext: Buffer[] = [];
  let index = 0;
  for (let at = fieldsEnd + 32; at < ciphertext.byteLength; at += segmentBytes + 16, index += 1) {
    const segment = ciphertext.subarray(at, at + segmentBytes + 16);
    const nonce = Buffer.alloc(12);
    noncePrefix.copy(nonce);
    nonce.writeUInt32BE(index, 7);
    nonce.writeUInt8(at + segment.byteLength === ciphertext.byteLength ? 1 : 0, 11);
    const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce);
    decipher.setAuthTag(segment.subarray(-16));
    plaintext.push(decipher.update(segment.subarray(0, -16)), decipher.final());
  }
  return Buffer.concat(plaintext);
}

describe('the ciphertext format', () => {
  describe.each(KNOWN_ANSWERS)('$name', (answer) => {
    const { plaintext, segments } = answer;

    it('is written', async () => {
      const transform = new EncryptTransform({
        keyProvider,
        keyId: undefined,
        segmentBytes: SEGMENT_BYTES,
        salt: SALT,
        noncePrefix: NONCE_PREFIX,
      });
      const { bytes } = await drive(transform, cut(plaintext, [7]));
      expect(bytes.toString('hex')).toBe(HEADER + segments.join(''));
      expect(transform.result()).toEqual({ facts: { keyId: 'k1', segmentBytes: 64, segments: segments.length } });
    });

    it('is read', async () => {
      const transform = decrypt({ keyProvider });
      const { bytes } = await drive(transform, cut(ciphertextOf(answer), [7]));
      expect(bytes.toString('hex')).toBe(plaintext.toString('hex'));
      expect(transform.result?.()).toEqual({ facts: { keyId: 'k1', segmentBytes: 64, segments: segments.length } });
    });

    it('is read by whoever has the specification and node:crypto', () => {
      expect(decryptByTheBook(ciphertextOf(answer), MASTER_KEY).toString('hex')).toBe(plaintext.toString('hex'));
    });
  });
});
