import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

import { StreamIngestionError, type DigestAlgorithm, type Digests } from '../../contracts/index.js';
import { markTransfer } from '../connection/transfer-mark.js';
import { parseDigestField } from '../fields/digest-fields.js';
import { parseMediaType } from '../fields/media-type.js';
import { assertBodyUntouched } from './request-body.js';
import { announcedBytes, assertRequestFraming } from './request-framing.js';
import { readUploadConditions, type UploadConditions } from './upload-conditions.js';

/** A request whose body is the object. */
export interface RawUpload extends UploadConditions {
  /**
   * The request itself. Destroying it takes the connection along, and with it the answer: give the engine
   * `keepSourceOnFailure: true`, and refuse with `sendProblem`.
   */
  readonly source: Readable;
  /** From `Content-Length`; 0 where there is no body; absent where only the end will tell. */
  readonly expectedBytes?: number;
  readonly contentType?: string;
  /** Content codings that the body has, in lower case. The bytes are passed on as they are. */
  readonly contentEncoding?: string;
  /** From `Content-Digest` and `Repr-Digest`, which cover the same bytes here. */
  readonly expectedDigests: Digests;
}

const CODINGS = /^[!#$%&'*+\-.^_`|~0-9a-z]+(?:[ \t]*,[ \t]*[!#$%&'*+\-.^_`|~0-9a-z]+)*$/;

/**
 * Reads what a request says of the object in its body. Does not touch the body, whatever its content type.
 *
 * `Expect: 100-continue` needs nothing here: Node.js has answered `100 Continue` before the application sees the
 * request, unless it listens to the server's `checkContinue` event, where it then calls `response.writeContinue()`
 * itself once it wants the body. A refusal without it closes the connection (RFC 9110, 10.1.1), in either case.
 *
 * @throws MALFORMED_INPUT: an ambiguous frame (see `assertRequestFraming`), a malformed `Content-Type`,
 * `Content-Encoding`, `Content-Digest` or `Repr-Digest`, digests that contradict each other, `Content-Range` (RFC 9110,
 * 14.5). UNSUPPORTED, PRECONDITION_FAILED: see `readUploadConditions`. INVALID_OPTION: a body parser was here first.
 * SOURCE_CLOSED: the client is gone.
 */
export function readRawUpload(request: IncomingMessage): RawUpload {
  assertRequestFraming(request);
  if (request.headers['content-range'] !== undefined) {
    throw malformed('content-range', 'an upload of a part of an object (Content-Range) is not supported');
  }
  const expectedBytes = announcedBytes(request);
  const contentType = readContentType(request);
  const contentEncoding = readContentEncoding(request);
  const expectedDigests = readDigests(request);
  const conditions = readUploadConditions(request);
  assertBodyUntouched(request);
  markTransfer(request);
  return {
    source: request,
    expectedDigests,
    ...conditions,
    ...(expectedBytes === undefined ? {} : { expectedBytes }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  };
}

function readContentType({ headers }: IncomingMessage): string | undefined {
  const value = headers['content-type'];
  if (value === undefined || value === '') return undefined;
  if (parseMediaType(value) === undefined) throw malformed('content-type', 'Content-Type is no media type');
  return value;
}

function readContentEncoding({ headers }: IncomingMessage): string | undefined {
  const value = headers['content-encoding']?.toLowerCase();
  if (value === undefined || value === '' || value === 'identity') return undefined;
  if (!CODINGS.test(value)) throw malformed('content-encoding', 'Content-Encoding is no list of content codings');
  return value;
}

function readDigests({ headers }: IncomingMessage): Digests {
  const digests: Partial<Record<DigestAlgorithm, string>> = {};
  for (const field of ['content-digest', 'repr-digest']) {
    const value = headers[field];
    if (value === undefined) continue;
    const parsed = parseDigestField(field, String(value));
    for (const [algorithm, digest] of Object.entries(parsed) as [DigestAlgorithm, string][]) {
      if ((digests[algorithm] ?? digest) !== digest) {
        throw malformed(field, `content-digest and repr-digest disagree on the ${algorithm} of the body`);
      }
      digests[algorithm] = digest;
    }
  }
  return digests;
}

function malformed(field: string, message: string): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', message, { operation: 'http.read', context: { field } });
}
