import { OBJECT_LIST_SCHEMA, UPLOAD_SCHEMA } from './object-schemas.js';
import {
  header,
  json,
  mountPoint,
  pathParameter,
  problem,
  query,
  tagOf,
  TRANSFER_PROBLEMS,
  type OpenApiPaths,
  type OpenApiPathsOptions,
} from './openapi.js';

const ANY_BODY = { '*/*': { schema: { type: 'string', format: 'binary' } } };
const STORE = query('store', 'The store. Default: the default store');
const KEY = pathParameter('key', 'Key of the object; may contain slashes');
const RANGES = {
  'Accept-Ranges': { schema: { type: 'string' } },
  ETag: { schema: { type: 'string' } },
  'Repr-Digest': { schema: { type: 'string' } },
};

const FORM = {
  type: 'object',
  properties: {
    prefix: { type: 'string', description: 'Goes before the names of the files that follow' },
    key: { type: 'string', description: 'Key of the file that follows' },
    file: { type: 'array', items: { type: 'string', format: 'binary' } },
  },
};

/** Path items of the controller that `FilesModule.register` mounts. */
export function filesOpenApiPaths(options: OpenApiPathsOptions = {}): OpenApiPaths {
  const base = mountPoint(options.path ?? 'files');
  const tags = [options.tag ?? tagOf(base)];
  const conditions = [header('If-Match', 'Only where the object has one of these entity tags')];
  const download = {
    tags,
    parameters: [
      KEY,
      STORE,
      query('download', 'Send as an attachment of that name; empty: of the name in the key'),
      header('Range', 'One or several byte ranges'),
      header('If-None-Match', '304 where the object has one of these entity tags'),
      header('Want-Repr-Digest', 'Which digests to send'),
      ...conditions,
    ],
    responses: {
      '200': { description: 'The object', content: ANY_BODY, headers: RANGES },
      '206': { description: 'The ranges', content: ANY_BODY, headers: RANGES },
      '304': { description: 'Not modified' },
      '400': problem('A key that is not allowed'),
      '404': problem('No such object, or no such store'),
      '412': problem('A condition does not hold'),
      '416': problem('No requested range lies within the object'),
      ...TRANSFER_PROBLEMS,
    },
  };
  return {
    [base]: {
      get: {
        operationId: `${tags[0]}List`,
        summary: 'List objects',
        tags,
        parameters: [
          query('prefix', 'Keys that begin with it'),
          query('limit', 'Most entries', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
          query('cursor', 'nextCursor of the page before'),
          STORE,
        ],
        responses: { '200': json('One page', OBJECT_LIST_SCHEMA), '400': problem('A limit or cursor out of bounds') },
      },
      post: {
        operationId: `${tags[0]}UploadForm`,
        summary: 'Upload the files of a form',
        description: 'The files become visible together once the whole form was read; where it fails nothing is kept.',
        tags,
        parameters: [STORE],
        requestBody: { required: true, content: { 'multipart/form-data': { schema: FORM } } },
        responses: {
          '201': json('What was stored, in order', { type: 'array', items: UPLOAD_SCHEMA }),
          '400': problem('A form that is broken or has no file, or a key that is not allowed'),
          '413': problem('Larger than allowed'),
          '415': problem('No multipart/form-data'),
          '507': problem('The store has no room'),
          ...TRANSFER_PROBLEMS,
        },
      },
    },
    [`${base}/{key}`]: {
      put: {
        operationId: `${tags[0]}Upload`,
        summary: 'Upload an object',
        description: 'The body, whatever its content type and however long, becomes the object. 2xx means durable.',
        tags,
        parameters: [
          KEY,
          STORE,
          header('If-None-Match', '`*`: create only'),
          ...conditions,
          header('Content-Digest', 'Digest that the body must have (RFC 9530)'),
          header('Repr-Digest', 'Digest that the object must have (RFC 9530)'),
          header('Content-Encoding', 'Kept with the object, and sent with it'),
        ],
        requestBody: { required: true, content: ANY_BODY },
        responses: {
          '200': json('Replaced', UPLOAD_SCHEMA),
          '201': json('Created', UPLOAD_SCHEMA),
          '400': problem('A key that is not allowed, or a body that is not what was announced'),
          '409': problem('The key cannot live beside another one'),
          '412': problem('A condition does not hold'),
          '413': problem('Larger than allowed'),
          '507': problem('The store has no room'),
          ...TRANSFER_PROBLEMS,
        },
      },
      get: { ...download, operationId: `${tags[0]}Download`, summary: 'Download an object' },
      head: { ...download, operationId: `${tags[0]}Head`, summary: 'Header fields of a download' },
      delete: {
        operationId: `${tags[0]}Delete`,
        summary: 'Delete an object',
        tags,
        parameters: [KEY, STORE, ...conditions],
        responses: {
          '204': { description: 'Deleted' },
          '404': problem('No such object, or no such store'),
          '412': problem('A condition does not hold'),
        },
      },
    },
  };
}
