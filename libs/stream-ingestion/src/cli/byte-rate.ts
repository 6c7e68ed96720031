import { usageError } from './usage-error.js';

const FORMAT = /^(\d+(?:\.\d+)?)([kmg]?)$/i;
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * `500`, `64K`, `1.5M`, `2G`: bytes a second, with the binary suffixes that curl and wget use.
 *
 * @throws INVALID_OPTION for anything else, and for less than one byte a second.
 */
export function parseByteRate(text: string): number {
  const [, number, suffix] = FORMAT.exec(text) ?? [];
  const rate = Math.floor(Number(number) * (FACTORS[suffix?.toLowerCase() ?? ''] ?? NaN));
  if (Number.isSafeInteger(rate) && rate >= 1) return rate;
  throw usageError(`--limit-rate must be bytes a second, such as 500K, 10M or 1.5G, but it is "${text}"`);
}
