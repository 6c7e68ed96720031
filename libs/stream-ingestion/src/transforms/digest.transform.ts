import {
  DIGEST_ALGORITHMS,
  StreamIngestionError,
  type ByteTransform,
  type DigestAlgorithm,
  type Digests,
  type Emit,
  type TransformResult,
} from '../contracts/index.js';
import { createDigester, type Digester } from '../engine/index.js';
import { refuseOption } from './option-checks.js';

const HEX_DIGITS: Readonly<Record<DigestAlgorithm, number>> = {
  sha256: 64,
  sha512: 128,
  sha384: 96,
  sha1: 40,
  md5: 32,
  crc32: 8,
  crc32c: 8,
};

export interface DigestOptions {
  /** What to compute. Those of `expected` are computed in any case. Default: only those. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Hexadecimal values, in either case, that the bytes must have. Default: none. */
  readonly expected?: Digests;
}

/**
 * Passes bytes on unchanged and computes one or more digests over them in one pass; they are `result().digests`, and
 * in the report of the transfer.
 *
 *     digest('sha256', 'crc32c')
 *     digest({ algorithms: ['md5'], expected: { sha256: '9f86d0…' } })
 *
 * Errors: INVALID_OPTION at construction for no or an unknown algorithm, or an expected value of the wrong form;
 * DIGEST_MISMATCH after the last byte, before the sink is finalized.
 */
export function digest(...algorithms: readonly [DigestAlgorithm, ...DigestAlgorithm[]]): ByteTransform;
export function digest(options: DigestOptions): ByteTransform;
export function digest(...args: readonly (DigestAlgorithm | DigestOptions)[]): ByteTransform {
  const [first] = args;
  const options: DigestOptions =
    typeof first === 'object' && first !== null ? first : { algorithms: args as readonly DigestAlgorithm[] };
  const expected = resolveExpected(options.expected ?? {});
  const algorithms = [...new Set([...(options.algorithms ?? []), ...expected.keys()])];
  if (algorithms.length === 0) refuseOption('digest', 'algorithms', 'one algorithm or more', undefined);
  for (const algorithm of algorithms) requireAlgorithm('algorithms', algorithm);
  return new DigestTransform(algorithms, expected);
}

class DigestTransform implements ByteTransform {
  readonly name = 'digest';
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #expected: ReadonlyMap<DigestAlgorithm, string>;
  #digester: Digester | undefined;
  #digests: Digests = {};

  constructor(algorithms: readonly DigestAlgorithm[], expected: ReadonlyMap<DigestAlgorithm, string>) {
    this.#algorithms = algorithms;
    this.#expected = expected;
  }

  transform(chunk: Uint8Array, emit: Emit): Promise<void> | void {
    if (this.#digester === undefined) return this.#startWith(chunk, emit);
    this.#digester.update(chunk);
    return emit(chunk);
  }

  async flush(): Promise<void> {
    const digester = this.#digester ?? (await createDigester(this.#algorithms));
    this.#digests = digester.digests();
    for (const [algorithm, expected] of this.#expected) {
      const actual = this.#digests[algorithm];
      if (actual === expected) continue;
      throw new StreamIngestionError('DIGEST_MISMATCH', `the bytes have another ${algorithm} than expected`, {
        operation: 'digest.flush',
        context: { algorithm, expected, actual },
      });
    }
  }

  result(): TransformResult {
    return { digests: this.#digests };
  }

  async #startWith(chunk: Uint8Array, emit: Emit): Promise<void> {
    this.#digester = await createDigester(this.#algorithms);
    this.#digester.update(chunk);
    await emit(chunk);
  }
}

function resolveExpected(expected: Digests): ReadonlyMap<DigestAlgorithm, string> {
  const resolved = new Map<DigestAlgorithm, string>();
  for (const [name, value] of Object.entries(expected) as [string, unknown][]) {
    if (value === undefined) continue;
    const algorithm = requireAlgorithm('expected', name);
    const digits = HEX_DIGITS[algorithm];
    if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]*$/i.test(value)) {
      refuseOption('digest', `expected.${algorithm}`, `${digits} hexadecimal digits`, value);
    }
    resolved.set(algorithm, value.toLowerCase());
  }
  return resolved;
}

function requireAlgorithm(option: string, value: unknown): DigestAlgorithm {
  const known = DIGEST_ALGORITHMS.find((algorithm) => algorithm === value);
  return known ?? refuseOption('digest', option, `among ${DIGEST_ALGORITHMS.join(', ')}`, value);
}
