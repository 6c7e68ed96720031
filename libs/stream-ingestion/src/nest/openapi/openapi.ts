/** The part of an OpenAPI 3.0 or 3.1 document that a path has, as plain JSON. */
export type OpenApiPathItem = Readonly<Record<string, OpenApiOperation>>;

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** Path items by path, to be merged into the document of an application. */
export type OpenApiPaths = Readonly<Record<string, OpenApiPathItem>>;

export interface OpenApiPathsOptions {
  /** Where the controller is mounted, with the global prefix: `/api/files`. */
  readonly path?: string;
  /** Default: the last segment of the path. */
  readonly tag?: string;
}

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; what a program should look at' },
    detail: { type: 'string' },
    retry: { type: 'string', enum: ['never', 'maybe'] },
  },
};

export function problem(description: string): object {
  return { description, content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } } };
}

/** Answers that any operation with a transfer may give. */
export const TRANSFER_PROBLEMS = {
  '503': problem('Shutting down, as many transfers as allowed are running, or the store cannot be reached'),
} as const;

export function json(description: string, schema: object): object {
  return { description, content: { 'application/json': { schema } } };
}

export function query(name: string, description: string, schema: object = { type: 'string' }): object {
  return { name, in: 'query', description, schema };
}

export function header(name: string, description: string): object {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

export function pathParameter(name: string, description: string): object {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}

/** The mount point with one leading slash and none at its end. */
export function mountPoint(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}

export function tagOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
