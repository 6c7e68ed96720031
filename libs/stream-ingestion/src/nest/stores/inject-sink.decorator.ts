import { Inject } from '@nestjs/common';

import { getSinkToken } from '../module/tokens.js';

/** Injects the `SinkFactory` of that name. */
export function InjectSink(name: string): ParameterDecorator & PropertyDecorator {
  return Inject(getSinkToken(name));
}
