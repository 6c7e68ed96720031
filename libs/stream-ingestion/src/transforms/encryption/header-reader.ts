import { FIXED_HEADER_BYTES, malformed, MAX_HEADER_BYTES } from './ciphertext-format.js';
import { headerBytesIn, parseHeader, type ParsedHeader } from './encryption-header.js';

/** Gathers the header of a ciphertext that comes in chunks. */
export class HeaderReader {
  readonly #held = Buffer.alloc(MAX_HEADER_BYTES);
  #heldBytes = 0;

  /**
   * @returns how many bytes at the start of `chunk` belong to the header, and the header once it is complete.
   * @throws MALFORMED_INPUT as soon as it shows.
   */
  add(chunk: Uint8Array): { readonly taken: number; readonly header: ParsedHeader | undefined } {
    let taken = this.#fill(chunk, FIXED_HEADER_BYTES);
    if (this.#heldBytes < FIXED_HEADER_BYTES) return { taken, header: undefined };
    const wanted = headerBytesIn(this.#held);
    taken += this.#fill(chunk.subarray(taken), wanted);
    const header = this.#heldBytes === wanted ? parseHeader(this.#held.subarray(0, wanted)) : undefined;
    return { taken, header };
  }

  /** @throws MALFORMED_INPUT, always: the stream has ended before its header did. */
  refuseEnd(): never {
    throw malformed('decrypt.header', 'the input ends within its header', { bytes: this.#heldBytes });
  }

  #fill(chunk: Uint8Array, upTo: number): number {
    const bytes = Math.max(0, Math.min(chunk.byteLength, upTo - this.#heldBytes));
    this.#held.set(chunk.subarray(0, bytes), this.#heldBytes);
    this.#heldBytes += bytes;
    return bytes;
  }
}
