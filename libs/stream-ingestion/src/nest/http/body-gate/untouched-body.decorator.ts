import { markRoute } from './route-marks.js';

/**
 * Keeps body parsers off a route, so that its handler can read the request as the client sends it, JSON and forms too.
 * `@Ingest()` and `@UploadStream()` imply it; a handler that calls `IngestionService.ingestRequest` itself needs it.
 *
 * On Fastify a `@RouteConfig()` goes below it. Routes of one path that differ only by host or by a version in a header
 * must agree on it, because which of them is meant is not known yet when bodies are parsed.
 */
export function UntouchedBody(): MethodDecorator {
  return (_target, _name, descriptor) => {
    if (typeof descriptor.value === 'function') markRoute(descriptor.value, { untouchedBody: true });
  };
}
