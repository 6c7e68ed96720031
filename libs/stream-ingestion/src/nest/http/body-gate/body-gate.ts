import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

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
      const adapter = adapterHost.httpAdapter;
      if (adapter.getType() === 'fastify') installFastifyBodyGate(adapter);
      else if (adapter.getType() === 'express') this.#open = installExpressBodyGate(adapter);
    });
  }

  /** Called once every body parser is registered, and before the first route is. */
  afterParsers(): void {
    this.#open();
  }
}
