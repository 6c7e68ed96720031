import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Histogram } from 'prom-client';
import type { Observable } from 'rxjs';

import { exchangeOf } from '../http/exchange.js';
import { METRIC_NAMES } from './metric-names.js';

const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;

/**
 * Measures any route: requests by outcome, time until the response was sent or given up, bytes on the wire. Uploads and
 * downloads count for as long as they take, not only until the handler returns.
 *
 *     @UseInterceptors(RouteMetricsInterceptor)
 */
@Injectable()
export class RouteMetricsInterceptor implements NestInterceptor {
  constructor(
    @InjectMetric(METRIC_NAMES.routeRequests) private readonly requests: Counter,
    @InjectMetric(METRIC_NAMES.routeDuration) private readonly duration: Histogram,
    @InjectMetric(METRIC_NAMES.routeBytes) private readonly bytes: Counter,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const { request, response } = exchangeOf(http.getRequest<object>(), http.getResponse<object>());
    const route = `${context.getClass().name}.${context.getHandler().name}`;
    const stopTimer = this.duration.startTimer({ route });
    const bytesSince = countBytes(request);
    response.once('close', () => {
      stopTimer();
      const { received, sent } = bytesSince();
      this.bytes.inc({ route, direction: 'in' }, received);
      this.bytes.inc({ route, direction: 'out' }, sent);
      this.requests.inc({ route, outcome: outcomeOf(response) });
    });
    return next.handle();
  }
}

/** Of a connection, as from now; requests of one connection come one after the other. */
function countBytes({ socket }: IncomingMessage): () => { received: number; sent: number } {
  const { bytesRead, bytesWritten }: Pick<Socket, 'bytesRead' | 'bytesWritten'> = socket;
  return () => ({
    received: Math.max(0, socket.bytesRead - bytesRead),
    sent: Math.max(0, socket.bytesWritten - bytesWritten),
  });
}

function outcomeOf({ writableFinished, statusCode }: ServerResponse): string {
  if (!writableFinished) return 'aborted';
  if (statusCode >= SERVER_ERROR) return 'failed';
  return statusCode >= CLIENT_ERROR ? 'refused' : 'completed';
}
