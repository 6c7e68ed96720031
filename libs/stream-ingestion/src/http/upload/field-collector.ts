import { TextDecoder } from 'node:util';

import { StreamIngestionError } from '../../contracts/index.js';

const FIRST_ALLOCATION_BYTES = 256;

/** Gathers the value of a field. Copies, so that a value that trickles in does not hold thousands of small chunks. */
export class FieldCollector {
  readonly #charset: string;
  #bytes = Buffer.alloc(0);
  #length = 0;

  /** @throws MALFORMED_INPUT for a charset that is unknown. */
  constructor(charset: string) {
    this.#charset = charset;
    this.#decoder();
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
    try {
      return this.#decoder().decode(this.#bytes.subarray(0, this.#length));
    } catch (cause) {
      throw malformed(`the value of a field is not ${this.#charset}`, cause);
    }
  }

  #decoder(): TextDecoder {
    try {
      return new TextDecoder(this.#charset, { fatal: true, ignoreBOM: true });
    } catch (cause) {
      throw malformed('the charset of a field is unknown', cause);
    }
  }
}

function malformed(message: string, cause: unknown): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', message, { operation: 'multipart.parse', cause });
}
