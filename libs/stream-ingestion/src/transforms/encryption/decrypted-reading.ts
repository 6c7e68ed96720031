import type { PullSource } from '../../contracts/index.js';
import type { ByteReader } from './byte-reader.js';
import { TAG_BYTES } from './ciphertext-format.js';
import { refuseLength, type OpenedCiphertext } from './opened-ciphertext.js';

export interface DecryptedReadingParts {
  readonly opened: OpenedCiphertext;
  /** At the start of segment `firstSegment`; ends with the segment that holds the last byte. */
  readonly reader: ByteReader;
  readonly ciphertextBytes: number;
  readonly firstSegment: number;
  /** Plaintext bytes of the first segment that come before what is read. */
  readonly skipBytes: number;
  readonly plaintextBytes: number;
}

/**
 * Reads ciphertext into the memory it is given and decrypts it there, as many segments at a time as fit. A buffer that
 * is smaller than a segment is served from one that is held.
 */
export class DecryptedReading implements PullSource {
  readonly #opened: OpenedCiphertext;
  readonly #reader: ByteReader;
  readonly #sealedBytes: number;
  #ciphertextLeft: number;
  #plaintextLeft: number;
  #segment: number;
  #skipBytes: number;
  #scratch: Buffer | undefined;
  /** Verified, in the scratch memory. */
  #held: Uint8Array = new Uint8Array(0);

  constructor(parts: DecryptedReadingParts) {
    this.#opened = parts.opened;
    this.#reader = parts.reader;
    this.#sealedBytes = parts.opened.segmentBytes + TAG_BYTES;
    this.#ciphertextLeft = parts.ciphertextBytes;
    this.#plaintextLeft = parts.plaintextBytes;
    this.#segment = parts.firstSegment;
    this.#skipBytes = parts.skipBytes;
  }

  async pull(buffer: Uint8Array, signal: AbortSignal): Promise<number> {
    if (this.#held.byteLength === 0) {
      if (this.#ciphertextLeft === 0) return 0;
      const direct = this.#fitting(buffer);
      if (direct > 0) return this.#decryptInto(buffer.subarray(0, direct), signal);
      this.#scratch ??= Buffer.allocUnsafeSlow(Math.min(this.#sealedBytes, this.#ciphertextLeft));
      const bytes = await this.#decryptInto(this.#scratch.subarray(0, this.#fitting(this.#scratch)), signal);
      this.#held = this.#scratch.subarray(0, bytes);
    }
    const taken = this.#held.subarray(0, buffer.byteLength);
    buffer.set(taken);
    this.#held = this.#held.subarray(taken.byteLength);
    return taken.byteLength;
  }

  close(): Promise<void> {
    this.#scratch?.fill(0);
    this.#held = new Uint8Array(0);
    this.#ciphertextLeft = 0;
    return this.#reader.close();
  }

  /** How many bytes of ciphertext, in whole segments, are next and fit. */
  #fitting(memory: Uint8Array): number {
    if (this.#ciphertextLeft <= memory.byteLength) return this.#ciphertextLeft;
    return memory.byteLength - (memory.byteLength % this.#sealedBytes);
  }

  /** Fills the memory with ciphertext and puts the plaintext in its place: never past what is decrypted already. */
  async #decryptInto(memory: Uint8Array, signal: AbortSignal): Promise<number> {
    const { cipher, segmentCount } = this.#opened;
    if ((await this.#reader.read(memory, signal)) < memory.byteLength) refuseLength('fewer');
    let written = 0;
    for (let at = 0; at < memory.byteLength; at += this.#sealedBytes) {
      const sealed = memory.subarray(at, at + this.#sealedBytes);
      const [plain] = cipher.open(this.#segment, this.#segment === segmentCount - 1, [sealed]);
      const wanted = plain?.subarray(this.#skipBytes, this.#skipBytes + this.#plaintextLeft);
      if (wanted !== undefined) memory.set(wanted, written);
      written += wanted?.byteLength ?? 0;
      this.#plaintextLeft -= wanted?.byteLength ?? 0;
      this.#segment += 1;
      this.#skipBytes = 0;
    }
    this.#ciphertextLeft -= memory.byteLength;
    if (this.#ciphertextLeft === 0 && (await this.#reader.read(Buffer.alloc(1), signal)) > 0) refuseLength('more');
    return written;
  }
}
