import { Injectable } from '@nestjs/common';
import { HttpAdapterHost, type AbstractHttpAdapter } from '@nestjs/core';

import { installExpressBodyGate } from './express-body-gate.js';
import { installFastifyBodyGate } from './fastify-body-gate.js';

/**
 * Hands the routes that are marked with `@UntouchedBody()` (all of this library's are) the body as the client sends it,
 * whatever its content type, with nothing to be set up in `main.ts`.
 */
@Injectable()
export class BodyGate {
  #open: () => void = () => undefined;

  constructor(adapterHost: HttpAdapterHost) {
    // The adapter may be set long after the container was built, as in tests; at the latest before any parser.
    adapterHost.init$.subscribe(() => {
      // A standalone application or a microservice has none, whatever the type says.
      const adapter = adapterHost.httpAdapter as AbstractHttpAdapter | null | undefined;
      const type = adapter?.getType();
      if (type === 'fastify') installFastifyBodyGate(adapterHost.httpAdapter);
      else if (type === 'express') this.#open = installExpressBodyGate(adapterHost.httpAdapter);
    });
  }

  /** Called once every body parser is registered, and before the first route is. */
  afterParsers(): void {
    this.#open();
  }
}
