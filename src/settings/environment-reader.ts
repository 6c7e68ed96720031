import { isIP } from 'node:net';

import { SettingError } from './setting-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Typed looks into the environment. Unset and empty are the same: undefined. Whatever is wrong is a SettingError. */
export class EnvironmentReader {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(variable: string): string | undefined {
    const value = this.#environment[variable];
    if (value === undefined || value === '') return undefined;
    if (value.includes('\0')) throw new SettingError(variable, value, 'text without NUL');
    return value;
  }

  /** Decimal digits alone: no sign, no unit, no exponent. */
  wholeNumber(variable: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.text(variable);
    if (value === undefined) return undefined;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
    throw new SettingError(variable, value, `a whole number ${bounds}`);
  }

  oneOf<Name extends string>(variable: string, names: readonly Name[]): Name | undefined {
    const value = this.text(variable);
    if (value === undefined) return undefined;
    const found = names.find((name) => name === value);
    if (found !== undefined) return found;
    throw new SettingError(variable, value, names.length === 1 ? String(names[0]) : `one of ${names.join(', ')}`);
  }

  hostName(variable: string): string | undefined {
    const value = this.text(variable);
    if (value === undefined || isIP(value) !== 0 || HOST_NAME.test(value)) return value;
    throw new SettingError(variable, value, 'an IP address or a host name');
  }
}
