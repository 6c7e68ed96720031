import { TRANSFER_SCHEMA } from './object-schemas.js';
import {
  json,
  mountPoint,
  pathParameter,
  problem,
  tagOf,
  type OpenApiPaths,
  type OpenApiPathsOptions,
} from './openapi.js';

const LIST_SCHEMA = {
  type: 'object',
  required: ['state', 'maxConcurrent', 'running', 'recent'],
  properties: {
    state: { type: 'string', enum: ['running', 'draining', 'closed'] },
    maxConcurrent: { type: 'integer' },
    running: { type: 'array', items: TRANSFER_SCHEMA },
    recent: { type: 'array', items: TRANSFER_SCHEMA, description: 'The latest first' },
  },
};

/** Path items of the controller that `TransfersModule.register` mounts. */
export function transfersOpenApiPaths(options: OpenApiPathsOptions = {}): OpenApiPaths {
  const base = mountPoint(options.path ?? 'transfers');
  const tags = [options.tag ?? tagOf(base)];
  const id = pathParameter('id', 'Id of the transfer');
  return {
    [base]: {
      get: {
        operationId: `${tags[0]}List`,
        summary: 'Running and recent transfers',
        tags,
        responses: { '200': json('The transfers', LIST_SCHEMA) },
      },
    },
    [`${base}/events`]: {
      get: {
        operationId: `${tags[0]}Events`,
        summary: 'What happens to transfers, live',
        description: 'Events `started` and `settled` with one transfer each, and once a second `progress` with all.',
        tags,
        responses: {
          '200': {
            description: 'Server-sent events',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
        },
      },
    },
    [`${base}/{id}`]: {
      get: {
        operationId: `${tags[0]}Get`,
        summary: 'One transfer',
        tags,
        parameters: [id],
        responses: { '200': json('The transfer', TRANSFER_SCHEMA), '404': problem('No such transfer is known') },
      },
      delete: {
        operationId: `${tags[0]}Abort`,
        summary: 'Abort a running transfer',
        tags,
        parameters: [id],
        responses: { '204': { description: 'Aborted' }, '404': problem('No such transfer is running') },
      },
    },
  };
}
