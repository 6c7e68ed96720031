import { createHash } from 'node:crypto';

import { Pattern } from './pattern.js';

const STEP_BYTES = 1024 * 1024;

/** Digest of the first `size` bytes of the pattern, lower-case hexadecimal; computed without holding them. */
export function patternDigest(
  size: number,
  seed = 1,
  algorithm: 'sha256' | 'sha512' | 'sha1' | 'md5' = 'sha256',
): string {
  const pattern = new Pattern(seed);
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafe(Math.min(STEP_BYTES, size));
  for (let offset = 0; offset < size; offset += STEP_BYTES) {
    const step = buffer.subarray(0, Math.min(STEP_BYTES, size - offset));
    pattern.fill(step, offset);
    hash.update(step);
  }
  return hash.digest('hex');
}
