import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';
import type { Exchange } from './exchange.js';

/**
 * What a wildcard at the end of a route's path stands for in this request, decoded exactly once. Taken from the raw
 * target, because routers differ in what they decode, and split what they have decoded.
 *
 * @throws INVALID_KEY for a malformed percent escape.
 */
export function wildcardPathOf(request: unknown, exchange: Pick<Exchange, 'request'>): string {
  const leading = routePathOf(request).split('/').length - 1;
  const raw = pathOf(exchange.request).split('/').slice(leading).join('/');
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new StreamIngestionError('INVALID_KEY', 'the path has a malformed percent escape', {
      operation: 'http.path',
    });
  }
}

/** The pattern of the route that took the request, in the words of either router. */
function routePathOf(request: unknown): string {
  const { route, routeOptions } = request as { route?: { path?: string }; routeOptions?: { url?: string } };
  return routeOptions?.url ?? route?.path ?? '/';
}

function pathOf(request: IncomingMessage): string {
  const target = (request as { originalUrl?: string }).originalUrl ?? request.url ?? '/';
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  return path.split(/[?#]/, 1)[0] ?? '/';
}
