import { createHash } from 'node:crypto';

import { DIGEST_ALGORITHMS, StreamIngestionError, type DigestAlgorithm, type Digests } from '../contracts/index.js';

/** Computes several digests in one pass over a byte stream. */
export interface Digester {
  update(chunk: Uint8Array): void;
  /** Values so far; call it once, at the end. */
  digests(): Digests;
}

interface RunningDigest {
  readonly algorithm: DigestAlgorithm;
  update(chunk: Uint8Array): void;
  value(): string;
}

type Crc = (input: Uint8Array, initial?: number) => number;

/**
 * @throws INVALID_OPTION for an unknown algorithm.
 */
export async function createDigester(algorithms: readonly DigestAlgorithm[]): Promise<Digester> {
  const running = await Promise.all([...new Set(algorithms)].map(startDigest));
  return {
    update(chunk) {
      for (const digest of running) digest.update(chunk);
    },
    digests: () => Object.fromEntries(running.map((digest) => [digest.algorithm, digest.value()])),
  };
}

async function startDigest(algorithm: DigestAlgorithm): Promise<RunningDigest> {
  if (!DIGEST_ALGORITHMS.includes(algorithm)) {
    throw new StreamIngestionError(
      'INVALID_OPTION',
      `unknown digest algorithm "${String(algorithm)}"; allowed: ${DIGEST_ALGORITHMS.join(', ')}`,
      { operation: 'digest.create' },
    );
  }
  if (algorithm === 'crc32' || algorithm === 'crc32c') return runningCrc(algorithm, await loadCrc(algorithm));
  const hash = createHash(algorithm);
  return { algorithm, update: (chunk) => void hash.update(chunk), value: () => hash.digest('hex') };
}

// A native add-on that most transfers never need: loaded when first asked for.
async function loadCrc(algorithm: 'crc32' | 'crc32c'): Promise<Crc> {
  return (await import('@node-rs/crc32'))[algorithm];
}

function runningCrc(algorithm: DigestAlgorithm, crc: Crc): RunningDigest {
  let state = 0;
  return {
    algorithm,
    update(chunk) {
      state = crc(chunk, state);
    },
    value: () => (state >>> 0).toString(16).padStart(8, '0'),
  };
}
