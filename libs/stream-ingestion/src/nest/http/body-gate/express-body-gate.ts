import type { IncomingMessage, ServerResponse } from 'node:http';

import { hasBody, hideBody, revealBody } from './hidden-body.js';
import { routeMarksOf } from './route-marks.js';
import { limitUnreadBody } from './unread-body.js';

/** What is used of Express 5: `router` is its public property, and Nest itself looks at the stack as well. */
interface ExpressLike {
  readonly router: { readonly stack: readonly LayerLike[] };
}

interface LayerLike {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>>; readonly stack: readonly HandlerLike[] };
  match(path: string): unknown;
}

interface HandlerLike {
  readonly handle: object;
}

interface AdapterLike {
  use(middleware: (request: IncomingMessage, response: ServerResponse, next: () => void) => void): unknown;
  getInstance(): ExpressLike;
}

/**
 * Keeps the body parsers of an Express application off the marked routes: the first middleware of all hides the body of
 * a request that Express is going to route to one.
 *
 * @returns what reveals it again, to be called when every parser is registered and no route is yet.
 */
export function installExpressBodyGate(adapter: AdapterLike): () => void {
  adapter.use((request, response, next) => {
    if (hasBody(request) && isMarked(adapter.getInstance().router.stack, request)) {
      hideBody(request);
      limitUnreadBody(request, response);
    }
    next();
  });
  return () => {
    adapter.use((request, _response, next) => {
      revealBody(request);
      next();
    });
  };
}

/** Whether the first route that takes this request is a marked one; asks the routes as Express will. */
function isMarked(stack: readonly LayerLike[], { method = '', url = '' }: IncomingMessage): boolean {
  const path = pathOf(url);
  if (path === undefined) return false;
  for (const layer of stack) {
    const { route } = layer;
    if (route === undefined || !(route.methods[method.toLowerCase()] || route.methods['_all'])) continue;
    if (matches(layer, path)) return route.stack.some(({ handle }) => routeMarksOf(handle).untouchedBody === true);
  }
  return false;
}

function matches(layer: LayerLike, path: string): boolean {
  try {
    return Boolean(layer.match(path));
  } catch {
    // A malformed escape: Express will say so in its own time.
    return false;
  }
}

function pathOf(url: string): string | undefined {
  if (url.startsWith('/')) return url.split(/[?#]/, 1)[0];
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}
