import type { IncomingMessage, ServerResponse } from 'node:http';

import { hideBody, revealBody } from './hidden-body.js';
import { routeMarksIn, routeMarksOf } from './route-marks.js';
import { limitUnreadBody } from './unread-body.js';

type Hook = (
  request: { readonly raw: IncomingMessage },
  reply: { readonly raw: ServerResponse },
  ...rest: unknown[]
) => void;

/** What is used of Fastify 5. */
interface FastifyLike {
  addHook(name: 'onRoute', hook: (route: RouteLike) => void): unknown;
}

interface RouteLike {
  url: string;
  readonly config?: unknown;
  readonly handler: object;
  preParsing?: Hook | Hook[];
  preValidation?: Hook | Hook[];
}

/**
 * Keeps the content type parsers of a Fastify application off the marked routes: their requests have no body for as long
 * as Fastify looks for one, between its hooks preParsing and preValidation.
 */
export function installFastifyBodyGate(adapter: { getInstance(): FastifyLike }): void {
  adapter.getInstance().addHook('onRoute', (route) => {
    const marks = routeMarksIn(route.config) ?? routeMarksOf(route.handler);
    if (marks.wildcard) route.url = route.url.replace(/\*\w+$/, '*');
    if (!marks.untouchedBody) return;
    route.preParsing = [...hooksIn(route.preParsing), hide];
    route.preValidation = [reveal, ...hooksIn(route.preValidation)];
  });
}

// Last before the parsers, first after them: nobody but a parser misses the fields.
const hide: Hook = ({ raw }, reply, _payload, done) => {
  hideBody(raw);
  limitUnreadBody(raw, reply.raw);
  (done as () => void)();
};

const reveal: Hook = ({ raw }, _reply, done) => {
  revealBody(raw);
  (done as () => void)();
};

function hooksIn(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
