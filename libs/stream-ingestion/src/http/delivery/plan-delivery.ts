import type { IncomingHttpHeaders } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';
import { acceptsCodings } from '../fields/accept-encoding.js';
import { isOpaqueTag } from '../fields/entity-tag.js';
import { parseRange } from '../fields/range.js';
import type {
  DeliveryBody,
  DeliveryObject,
  DeliveryPlan,
  DeliveryPlanOptions,
  DeliveryRequest,
} from './delivery-plan.js';
import { contentDigestField, reprDigestField } from './digest-headers.js';
import { contentRange, frameRanges, multipartLength } from './multipart-byteranges.js';
import { evaluatePreconditions, ifRangeHolds, type Validators } from './preconditions.js';
import { cacheFieldsOf, contentFieldsOf, lastModifiedField, type ContentFields } from './representation-headers.js';
import { selectRanges, type RangeSelection } from './select-ranges.js';

const DEFAULT_MAX_RANGES = 10;

/**
 * Decides how a request for an object is answered: status, header fields and which bytes, by RFC 9110. Pure: no I/O,
 * nothing kept (but for a random multipart boundary).
 *
 * Where the RFC leaves a choice: a Range that is malformed, in another unit, or of an object with a content coding and
 * several ranges (which a client could not decode) is ignored; a satisfied If-Range does not turn a 416 into a 200;
 * a 206 to If-Range leaves out what the client has, but for Content-Type and Content-Encoding, which clients compare.
 *
 * @throws INVALID_OPTION for options out of bounds, and for object facts that do not keep their contract.
 */
export function planDelivery(
  request: DeliveryRequest,
  object: DeliveryObject,
  options: DeliveryPlanOptions = {},
): DeliveryPlan {
  validate(object, options);
  const content = contentFieldsOf(object, options);
  const cacheFields = cacheFieldsOf(object, content.contentEncoding, options);
  const validators = validatorsOf(request, object);
  const codingAccepted = acceptsCodings(request.headers['accept-encoding'], content.contentEncoding);
  const empty = { body: { kind: 'none' }, contentLength: 0, codingAccepted } as const;

  const outcome = isSafe(request.method) ? evaluatePreconditions(request.headers, validators) : 'proceed';
  if (outcome === 'failed') return { ...empty, status: 412, headers: {}, problem: 'PRECONDITION_FAILED' };
  if (outcome === 'not-modified') return { ...empty, status: 304, headers: cacheFields };

  const selection = selectionOf(request, object, content, validators, options);
  const acceptRanges = { 'Accept-Ranges': (options.acceptRanges ?? true) ? 'bytes' : 'none' };
  if (selection.kind === 'refused') {
    const headers = { 'Content-Range': `bytes */${object.size}`, ...acceptRanges };
    return { ...empty, status: 416, headers, problem: 'RANGE_NOT_SATISFIABLE' };
  }
  const sent = bodyFor(selection, object, content, options);
  // Required of every 206 to If-Range is only what follows before `known` (RFC 9110, 15.3.7).
  const known = sent.status === 206 && request.headers['if-range'] !== undefined;
  return {
    status: sent.status,
    headers: {
      ...sent.headers,
      ...acceptRanges,
      ...(content.contentEncoding === undefined ? {} : { 'Content-Encoding': content.contentEncoding }),
      ...cacheFields,
      ...(known ? {} : lastModifiedField(validators.lastModified)),
      ...reprDigestField(object.digests, request.headers, known),
      ...(sent.status === 200 && request.method === 'GET' ? contentDigestField(object.digests, request.headers) : {}),
      ...content.safety,
    },
    body: request.method === 'HEAD' ? { kind: 'none' } : sent.body,
    contentLength: request.method === 'HEAD' ? 0 : sent.contentLength,
    codingAccepted,
  };
}

interface SentBody {
  readonly status: 200 | 206;
  readonly body: DeliveryBody;
  readonly contentLength: number;
  readonly headers: Readonly<Record<string, string>>;
}

function bodyFor(
  selection: Exclude<RangeSelection, { kind: 'refused' }>,
  { size }: DeliveryObject,
  { contentType }: ContentFields,
  options: DeliveryPlanOptions,
): SentBody {
  const fields = (type: string, length: number) => ({ 'Content-Type': type, 'Content-Length': String(length) });
  if (selection.kind === 'whole') {
    return { status: 200, body: { kind: 'whole' }, contentLength: size, headers: fields(contentType, size) };
  }
  const [range, ...others] = selection.ranges;
  if (others.length === 0) {
    const contentLength = range.end - range.start + 1;
    const headers = { ...fields(contentType, contentLength), 'Content-Range': contentRange(range, size) };
    return { status: 206, body: { kind: 'range', range }, contentLength, headers };
  }
  const body = frameRanges(selection.ranges, size, contentType, options.boundary);
  const contentLength = multipartLength(body);
  const headers = fields(`multipart/byteranges; boundary=${body.boundary}`, contentLength);
  return { status: 206, body, contentLength, headers };
}

function selectionOf(
  { method, headers }: DeliveryRequest,
  { size }: DeliveryObject,
  { contentEncoding }: ContentFields,
  validators: Validators,
  { acceptRanges = true, maxRanges = DEFAULT_MAX_RANGES }: DeliveryPlanOptions,
): RangeSelection {
  const specs = method === 'GET' && acceptRanges ? parseRange(headers.range ?? '') : undefined;
  if (specs === undefined || !ifRangeAllows(headers, validators)) return { kind: 'whole' };
  const selection = selectRanges(specs, size, maxRanges);
  const several = selection.kind === 'ranges' && selection.ranges.length > 1;
  return several && contentEncoding !== undefined ? { kind: 'whole' } : selection;
}

function ifRangeAllows(headers: IncomingHttpHeaders, validators: Validators): boolean {
  const ifRange = headers['if-range'];
  return ifRange === undefined || ifRangeHolds(String(ifRange), validators);
}

function validatorsOf({ now = new Date() }: DeliveryRequest, { etag, lastModified }: DeliveryObject): Validators {
  // A date in the future is replaced by that of the response (RFC 9110, 8.8.2.1); fields hold whole seconds.
  const seconds = Math.floor(Math.min(lastModified.getTime(), now.getTime()) / 1000);
  return { etag, lastModified: Number.isNaN(seconds) ? undefined : new Date(seconds * 1000), now };
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function validate({ size, etag }: DeliveryObject, { maxRanges = DEFAULT_MAX_RANGES }: DeliveryPlanOptions): void {
  const refuse = (message: string): never => {
    throw new StreamIngestionError('INVALID_OPTION', message, { operation: 'delivery.plan' });
  };
  if (!Number.isSafeInteger(size) || size < 0) refuse(`object.size must be a whole number, 0 or more, not ${size}`);
  if (!isOpaqueTag(etag)) refuse('object.etag must be an entity tag without quotes (RFC 9110, 8.8.3)');
  if (!Number.isSafeInteger(maxRanges) || maxRanges < 1) {
    refuse(`maxRanges must be a whole number, 1 or more, but it is ${maxRanges}`);
  }
}
