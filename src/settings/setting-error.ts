/** A setting that the service cannot start with. The message is one line: the variable, its value, what is allowed. */
export class SettingError extends Error {
  override readonly name = 'SettingError';

  constructor(variable: string, value: string, allowed: string) {
    super(`${variable} is ${JSON.stringify(value)}, but it must be ${allowed}`);
  }
}
