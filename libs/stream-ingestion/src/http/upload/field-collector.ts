import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

import { StreamIngestionError } from '../../contracts/index.js';

const FIRST_ALLOCATION_BYTES = 256;

/** Gathers the value of a field. Copies, so that a value that trickles in does not hold thousands of small chunks. */
export class FieldCollector {
  readonly #decoder: TextDecoder | undefined;
  #bytes = Buffer.alloc(0);
  #length = 0;

  /** @throws MALFORMED_INPUT for a charset that is unknown. */
  constructor(charset: string) {
    this.#decoder = decoderOf(charset);
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, this.#bytes.length * 2, FIRST_ALLOCATION_BYTES));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** @throws MALFORMED_INPUT where the bytes are no text of the charset. */
  text(): string {
    const bytes = this.#bytes.subarray(0, this.#length);
    if (this.#decoder === undefined) {
      if (!isUtf8(bytes)) throw malformed('the value of a field is not UTF-8');
      return bytes.toString('utf8');
    }
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      throw malformed('the value of a field is not of its charset', cause);
    }
  }
}

/** None for UTF-8, which nearly every field is in, and which is faster without. */
function decoderOf(charset: string): TextDecoder | undefined {
  if (charset === 'utf-8' || charset === 'utf8') return undefined;
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  } catch (cause) {
    throw malformed('the charset of a field is unknown', cause);
  }
}

function malformed(message: string, cause?: unknown): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', message, { operation: 'multipart.parse', cause });
}
