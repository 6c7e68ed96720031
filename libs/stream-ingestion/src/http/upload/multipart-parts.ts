import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

import { StreamIngestionError } from '../../contracts/index.js';
import { markTransfer } from '../connection/transfer-mark.js';
import { parseMediaType } from '../fields/media-type.js';
import { resolveMultipartOptions, type MultipartOptions } from './multipart-options.js';
import type { MultipartPart } from './multipart-part.js';
import { MultipartReader } from './multipart-reader.js';
import { assertBodyUntouched } from './request-body.js';
import { assertRequestFraming } from './request-framing.js';

/** A chunk may hold a thousand small parts, all of which would else come in one turn of the event loop. */
const PARTS_PER_TURN = 64;
/** Printable ASCII, at most 70 characters, no space at the end (RFC 2046, 5.1.1, and a few that clients use beside). */
const BOUNDARY = /^[\x20-\x7e]{0,69}[\x21-\x7e]$/;

/**
 * The parts of a multipart/form-data request (RFC 7578), streamed in the order in which they were sent.
 *
 *     for await (const part of multipartParts(request)) {
 *       if (part.kind === 'file') await ingest(part.source);
 *     }
 *
 * Nothing is read ahead but what the last chunk of the request holds. The next part is read once the file before it was
 * read or destroyed; a file that nobody has begun to read by then is destroyed and skipped. Leaving the loop early stops
 * the reading, fails a file that is still being read and leaves the request open, paused, for an answer.
 *
 * Errors are thrown by the call where the request's head tells, else by the iteration, and by the `source` of the file
 * where one is being read: MALFORMED_INPUT for a body that does not follow its format in any way, or is cut short;
 * LIMIT_EXCEEDED (see {@link MultipartOptions}); SOURCE_CLOSED where the client went away; IDLE_TIMEOUT; ABORTED.
 *
 * @throws UNSUPPORTED for another content type, or a content coding; MALFORMED_INPUT for a missing or bad boundary or an
 * ambiguous frame; INVALID_OPTION for an option out of bounds, or where a body parser was here first; SOURCE_CLOSED.
 */
export function multipartParts(
  request: IncomingMessage,
  options: MultipartOptions = {},
): AsyncGenerator<MultipartPart, void, undefined> {
  const resolved = resolveMultipartOptions(options);
  assertRequestFraming(request);
  const boundary = boundaryOf(request);
  assertBodyUntouched(request);
  markTransfer(request);
  return iterate(new MultipartReader(request, boundary, resolved));
}

async function* iterate(reader: MultipartReader): AsyncGenerator<MultipartPart, void, undefined> {
  try {
    for (let count = 1; ; count += 1) {
      const part = await reader.next();
      if (part === undefined) return;
      yield part;
      if (count % PARTS_PER_TURN === 0) await turn();
    }
  } finally {
    reader.stop();
  }
}

function boundaryOf({ headers }: IncomingMessage): string {
  const mediaType = parseMediaType(headers['content-type'] ?? '');
  if (mediaType?.essence !== 'multipart/form-data') {
    throw unsupported('content-type', 'this takes multipart/form-data and no other content type');
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw unsupported('content-encoding', 'a multipart body with a content coding is not taken');
  }
  const boundary = mediaType.parameters.get('boundary') ?? '';
  if (BOUNDARY.test(boundary)) return boundary;
  throw new StreamIngestionError('MALFORMED_INPUT', 'Content-Type has no boundary of 1 to 70 printable characters', {
    operation: 'multipart.read',
    context: { field: 'content-type' },
  });
}

function unsupported(field: string, message: string): StreamIngestionError {
  return new StreamIngestionError('UNSUPPORTED', message, { operation: 'multipart.read', context: { field } });
}
