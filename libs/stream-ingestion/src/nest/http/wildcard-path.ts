import { StreamIngestionError } from '../../contracts/index.js';
import { nativeRequestOf } from './native-request.js';

/** The two ends of a request's path, at the wildcard of its route. */
export interface SplitPath {
  /** Before the wildcard, as it was sent, without a slash at its end. */
  readonly base: string;
  /** What the wildcard stands for, decoded exactly once. */
  readonly rest: string;
}

/**
 * Splits the path of a request whose route may end in a wildcard. Taken from the raw target, because routers differ in
 * what they decode, and split what they have decoded.
 *
 * @throws INVALID_KEY for a malformed percent escape.
 */
export function splitPath(request: object): SplitPath {
  const pattern = routePatternOf(request);
  const leading = pattern.split('/').length - (pattern.includes('*') ? 1 : 0);
  const segments = rawPathOf(request).split('/');
  try {
    return {
      base: segments.slice(0, leading).join('/').replace(/\/$/, ''),
      rest: decodeURIComponent(segments.slice(leading).join('/')),
    };
  } catch {
    throw new StreamIngestionError('INVALID_KEY', 'the path has a malformed percent escape', {
      operation: 'http.path',
    });
  }
}

/** The pattern of the route that took the request, in the words of either router. */
function routePatternOf(request: object): string {
  const { route, routeOptions } = request as { route?: { path?: string }; routeOptions?: { url?: string } };
  return routeOptions?.url ?? route?.path ?? '/';
}

function rawPathOf(request: object): string {
  const { originalUrl } = request as { originalUrl?: string };
  const target = originalUrl ?? nativeRequestOf(request).url ?? '/';
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  return path.split(/[?#]/, 1)[0] ?? '/';
}
