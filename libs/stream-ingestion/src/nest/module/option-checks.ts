import { StreamIngestionError } from '../../contracts/index.js';

const OPERATION = 'module.options';

/** @throws INVALID_OPTION, in one line. */
export function refuseOption(message: string): never {
  throw new StreamIngestionError('INVALID_OPTION', message, { operation: OPERATION });
}

/** @throws INVALID_OPTION, naming the option and its bounds, unless `value` is a whole number within them. */
export function wholeNumber(
  name: string,
  value: unknown,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
  return refuseOption(`${name} must be a whole number, ${bounds}, but it is ${String(value)}`);
}
