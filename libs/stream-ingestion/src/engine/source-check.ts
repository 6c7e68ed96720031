import { StreamIngestionError, type DigestAlgorithm, type Digests } from '../contracts/index.js';
import type { Push } from './terminal.js';
import type { Digester } from './digester.js';

export interface SourceExpectation {
  readonly bytes: number | undefined;
  readonly digests: Digests;
  /** Over the source's bytes; there where digests are expected. */
  readonly digester: Digester | undefined;
}

/** Holds the source to what was announced: more bytes fail at once, fewer or others at the end. */
export class SourceCheck {
  readonly #expected: SourceExpectation;
  #bytes = 0;

  constructor(expected: SourceExpectation) {
    this.#expected = expected;
  }

  /** Wraps the head of the chain; the same function where nothing is to be checked. */
  before(next: Push): Push {
    const { bytes, digester } = this.#expected;
    if (bytes === undefined && digester === undefined) return next;
    return (chunk) => {
      this.#bytes += chunk.byteLength;
      if (bytes !== undefined && this.#bytes > bytes) throw lengthMismatch(bytes, `more than ${bytes}`);
      digester?.update(chunk);
      return next(chunk);
    };
  }

  /** @throws LENGTH_MISMATCH, DIGEST_MISMATCH. `computed` has digests over the same bytes from elsewhere. */
  finish(computed: Digests): void {
    const { bytes, digests, digester } = this.#expected;
    if (bytes !== undefined && this.#bytes !== bytes) throw lengthMismatch(bytes, String(this.#bytes));
    const found = { ...computed, ...digester?.digests() };
    for (const [algorithm, expected] of Object.entries(digests) as [DigestAlgorithm, string][]) {
      const actual = found[algorithm];
      if (actual === expected.toLowerCase()) continue;
      throw new StreamIngestionError(
        'DIGEST_MISMATCH',
        `the ${algorithm} of the bytes is ${String(actual)}, but ${expected} was announced`,
        { operation: 'source.check', context: { algorithm, expected, actual } },
      );
    }
  }
}

function lengthMismatch(expected: number, actual: string): StreamIngestionError {
  return new StreamIngestionError(
    'LENGTH_MISMATCH',
    `${expected} bytes were announced, but the source gave ${actual}`,
    {
      operation: 'source.check',
      context: { expected, actual },
    },
  );
}
