import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, finalize, throwError, type Observable } from 'rxjs';

import { exchangeOf } from '../http/exchange.js';
import { clientOf } from './client-signal.js';

/**
 * For any route: watches the client from before the handler runs, so that `@ClientSignal()` fires as soon as it has gone.
 * What a handler throws after that is taken for the consequence of it, and not for a failure of the application: filters
 * get the signal's reason (SOURCE_CLOSED or DESTINATION_CLOSED) instead.
 *
 *     @UseInterceptors(AbortOnDisconnectInterceptor)
 */
@Injectable()
export class AbortOnDisconnectInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const client = clientOf(exchangeOf(http.getRequest<object>(), http.getResponse<object>()));
    return next.handle().pipe(
      catchError((error: unknown) => throwError((): unknown => (client.signal.aborted ? client.signal.reason : error))),
      finalize(() => client.dispose()),
    );
  }
}
