import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { exchangeOf } from '../http/exchange.js';
import { clientOf } from './client-signal.js';

/**
 * An `AbortSignal` that fires when the client goes away before it got the whole answer; its reason is SOURCE_CLOSED
 * where the body of the request was not complete by then, else DESTINATION_CLOSED.
 *
 *     search(@ClientSignal() signal: AbortSignal) {
 *       return this.index.search(…, { signal });
 *     }
 */
export const ClientSignal: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => {
    const http = context.switchToHttp();
    return clientOf(exchangeOf(http.getRequest<object>(), http.getResponse<object>())).signal;
  },
);
