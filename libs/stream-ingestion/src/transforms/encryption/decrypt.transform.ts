import type { ByteTransform, Emit, TransformResult } from '../../contracts/index.js';
import { malformed, TAG_BYTES } from './ciphertext-format.js';
import type { ParsedHeader } from './encryption-header.js';
import type { EncryptionKeyProvider } from './encryption-key-provider.js';
import { HeaderReader } from './header-reader.js';
import { requireKeyProvider } from './key-checks.js';
import { dataKeyFor } from './key-lookup.js';
import { SegmentCipher } from './segment-cipher.js';
import { SegmentGatherer } from './segment-gatherer.js';

export interface DecryptOptions {
  /** Asked once, for the key that the header names. */
  readonly keyProvider: EncryptionKeyProvider;
}

/**
 * Decrypts what `encrypt` wrote. No byte of a segment is handed on before the segment was verified: that it is the one
 * that was written, in its place, and that it is the last one exactly where the input ends. Of an input that was cut
 * short or damaged further on, the segments before that are handed on; the transfer then fails. Holds one segment.
 *
 * `result().facts`: `keyId`, `segmentBytes`, `segments`, once the header was verified.
 *
 * Errors: INVALID_OPTION at construction, and for a key of the provider that is none; MALFORMED_INPUT for an input that
 * is no ciphertext, of an unknown key id, of another key, or changed in any way; TRANSFORM_FAILED where the provider
 * fails.
 */
export function decrypt(options: DecryptOptions): ByteTransform {
  return new DecryptTransform(requireKeyProvider('decrypt', options.keyProvider));
}

interface Opened {
  readonly header: ParsedHeader;
  readonly cipher: SegmentCipher;
  readonly gatherer: SegmentGatherer;
}

class DecryptTransform implements ByteTransform {
  readonly name = 'decrypt';
  readonly #keyProvider: EncryptionKeyProvider;
  readonly #headerReader = new HeaderReader();
  #opened: Opened | undefined;
  #segments = 0;

  constructor(keyProvider: EncryptionKeyProvider) {
    this.#keyProvider = keyProvider;
  }

  async transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    let rest = chunk;
    if (this.#opened === undefined) {
      const { taken, header } = this.#headerReader.add(chunk);
      if (header === undefined) return;
      rest = chunk.subarray(taken);
      this.#opened = await this.#open(header, signal);
    }
    const { cipher, gatherer } = this.#opened;
    for (const parts of gatherer.add(rest)) await this.#emitSegment(cipher, false, parts, emit);
  }

  async flush(emit: Emit): Promise<void> {
    if (this.#opened === undefined) return this.#headerReader.refuseEnd();
    const { cipher, gatherer } = this.#opened;
    const rest = gatherer.rest();
    // Only an empty object has an empty segment.
    if (rest.byteLength < TAG_BYTES + (this.#segments === 0 ? 0 : 1)) {
      throw malformed('decrypt.flush', 'the input was cut short: it ends within a segment', {
        segment: this.#segments,
      });
    }
    await this.#emitSegment(cipher, true, [rest], emit);
  }

  result(): TransformResult {
    if (this.#opened === undefined) return {};
    const { keyId, segmentBytes } = this.#opened.header;
    return { facts: { keyId, segmentBytes, segments: this.#segments } };
  }

  async #open(header: ParsedHeader, signal: AbortSignal): Promise<Opened> {
    const lookup = { keyProvider: this.#keyProvider, failureCode: 'TRANSFORM_FAILED', signal } as const;
    const cipher = new SegmentCipher(await dataKeyFor(lookup, header), header.noncePrefix);
    return { header, cipher, gatherer: new SegmentGatherer(header.segmentBytes + TAG_BYTES) };
  }

  async #emitSegment(cipher: SegmentCipher, last: boolean, parts: readonly Uint8Array[], emit: Emit): Promise<void> {
    const plain = cipher.open(this.#segments, last, parts);
    this.#segments += 1;
    for (const piece of plain) {
      const busy = emit(piece);
      if (busy !== undefined) await busy;
    }
  }
}
