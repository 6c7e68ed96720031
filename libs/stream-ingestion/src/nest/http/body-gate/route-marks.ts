/** What this library wants of the adapter for one route. */
export interface RouteMarks {
  /** Body parsers stay off: the handler gets the body as the client sends it. */
  readonly untouchedBody?: boolean;
  /** The path ends in a named wildcard, which Fastify wants without its name. */
  readonly wildcard?: boolean;
}

const ROUTE_MARKS = 'nestjs-stream-ingestion:route';

/**
 * The Fastify adapter gives a route the configuration that it finds under this key on the handler (it is what
 * `@RouteConfig()` of @nestjs/platform-fastify sets). Through it Fastify's own router tells us which request is for a
 * marked route.
 */
const FASTIFY_ROUTE_CONFIG = '__fastify_route_config__';

/** Marks a handler, for both adapters. Marks add up. */
export function markRoute(handler: object, marks: RouteMarks): void {
  const all = { ...routeMarksOf(handler), ...marks };
  const config = (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG, handler) ?? {}) as object;
  Reflect.defineMetadata(ROUTE_MARKS, all, handler);
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG, { ...config, [ROUTE_MARKS]: all }, handler);
}

/** Marks of a handler; Nest copies metadata to the function that it registers as the route. */
export function routeMarksOf(handler: object): RouteMarks {
  return (Reflect.getMetadata(ROUTE_MARKS, handler) ?? {}) as RouteMarks;
}

/** Marks in a Fastify route's configuration. */
export function routeMarksIn(config: unknown): RouteMarks | undefined {
  return (config as Record<string, RouteMarks | undefined> | undefined)?.[ROUTE_MARKS];
}
