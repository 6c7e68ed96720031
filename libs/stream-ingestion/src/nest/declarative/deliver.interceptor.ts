import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { mergeMap, type Observable } from 'rxjs';

import { DeliveryService } from '../services/delivery.service.js';
import { isDelivery } from './delivery.js';

/**
 * Sends what a handler returns as a `Delivery`; anything else passes through. On a route by `@Deliver()`, or for the whole
 * application as an `APP_INTERCEPTOR`.
 */
@Injectable()
export class DeliverInterceptor implements NestInterceptor {
  constructor(private readonly delivery: DeliveryService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    return next.handle().pipe(
      mergeMap(async (value: unknown) => {
        if (!isDelivery(value)) return value;
        await this.delivery.send(http.getRequest<object>(), http.getResponse<object>(), value.what, value.options);
        return undefined;
      }),
    );
  }
}
