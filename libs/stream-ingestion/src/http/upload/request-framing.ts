import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';

/** Fields of which a second line makes a request mean two things; Node.js keeps the first and says nothing. */
const SINGLE = new Set(['host', 'content-length', 'content-type', 'content-range', 'transfer-encoding']);
const DIGITS = /^\d{1,16}$/;

/**
 * Refuses a request whose frame two parsers could read in two ways, which is what request smuggling lives on
 * (RFC 9112, 3.2, 6.1 and 6.3).
 *
 * @throws MALFORMED_INPUT for a second `Host`, `Content-Length`, `Content-Type`, `Content-Range` or `Transfer-Encoding`
 * line, `Content-Length` beside `Transfer-Encoding`, or a `Content-Length` that is no number; UNSUPPORTED for any
 * transfer coding but chunked.
 */
export function assertRequestFraming(request: IncomingMessage): void {
  const seen = new Set<string>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) throw malformed(name, `the request has more than one ${name} field`);
    seen.add(name);
  }
  if (seen.has('content-length') && seen.has('transfer-encoding')) {
    throw malformed('content-length', 'the request has both content-length and transfer-encoding');
  }
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new StreamIngestionError('UNSUPPORTED', 'no transfer-encoding but chunked is understood', {
      operation: 'http.read',
      context: { field: 'transfer-encoding' },
    });
  }
  announcedBytes(request);
}

/** True where a body, be it an incomplete one, comes with the request. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * How many bytes the body has: 0 where the request has none, undefined where only its end will tell (chunked).
 *
 * @throws MALFORMED_INPUT for a `Content-Length` that is no number.
 */
export function announcedBytes(request: IncomingMessage): number | undefined {
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  const length = request.headers['content-length'];
  if (length === undefined) return 0;
  const bytes = Number(length);
  if (!DIGITS.test(length) || !Number.isSafeInteger(bytes)) {
    throw malformed('content-length', 'content-length is not a number of bytes');
  }
  return bytes;
}

function malformed(field: string, message: string): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', message, { operation: 'http.read', context: { field } });
}
