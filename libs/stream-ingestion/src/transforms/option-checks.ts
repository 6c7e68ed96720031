import { StreamIngestionError } from '../contracts/index.js';

/** @throws INVALID_OPTION, always; `rule` completes the sentence "option must be …". */
export function refuseOption(factory: string, option: string, rule: string, value: unknown): never {
  throw new StreamIngestionError('INVALID_OPTION', `${factory}: ${option} must be ${rule}, got ${describe(value)}`, {
    operation: `${factory}.create`,
    context: { option },
  });
}

/**
 * Bounds are inclusive.
 *
 * @throws INVALID_OPTION where `value` is no integer, or out of its bounds.
 */
export function requireInteger(
  factory: string,
  option: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const rule = max === Number.MAX_SAFE_INTEGER ? `an integer of ${min} or more` : `an integer from ${min} to ${max}`;
  return refuseOption(factory, option, rule, value);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'number' || value === null || value === undefined ? String(value) : typeof value;
}
