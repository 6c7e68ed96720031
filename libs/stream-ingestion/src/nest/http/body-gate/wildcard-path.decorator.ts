import { markRoute } from './route-marks.js';

/**
 * For a route whose path ends in a named wildcard (`*key`): lets the same path work on Express and on Fastify.
 * `splitPath(request).rest` is what the wildcard stands for, on both alike.
 */
export function WildcardPath(): MethodDecorator {
  return (_target, _name, descriptor) => {
    if (typeof descriptor.value === 'function') markRoute(descriptor.value, { wildcard: true });
  };
}
