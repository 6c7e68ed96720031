import type { OpenApiPaths } from 'nestjs-stream-ingestion';

const TAGS = ['operations'];
const HEALTH = { 'application/json': { schema: { type: 'object', properties: { status: { type: 'string' } } } } };

/** What the service has beside files and transfers. */
export function operationalPaths(): OpenApiPaths {
  return {
    '/health/live': {
      get: {
        operationId: 'live',
        summary: 'Whether the process answers',
        tags: TAGS,
        responses: { '200': { description: 'It does', content: HEALTH } },
      },
    },
    '/health/ready': {
      get: {
        operationId: 'ready',
        summary: 'Whether new work should be sent here',
        tags: TAGS,
        responses: {
          '200': { description: 'Yes; `status` is `degraded` where it is getting tight', content: HEALTH },
          '503': { description: 'No: shutting down, or the store cannot be written', content: HEALTH },
        },
      },
    },
    '/metrics': {
      get: {
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        tags: TAGS,
        responses: {
          '200': { description: 'The text format', content: { 'text/plain': { schema: { type: 'string' } } } },
        },
      },
    },
  };
}
