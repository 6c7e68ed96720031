import type { IncomingMessage, ServerResponse } from 'node:http';

import { hasBody } from '../upload/request-framing.js';
import { discardRest, type DiscardLimits } from './discard-rest.js';
import type { Problem } from './problem.js';

/** What a handler may have said of a representation that is not sent now. */
const REPRESENTATION_FIELDS = [
  'accept-ranges',
  'content-digest',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-range',
  'etag',
  'expires',
  'last-modified',
  'location',
  'repr-digest',
  'transfer-encoding',
];

/**
 * Answers with a problem, whatever state request and response are in, so that the client gets to see it.
 *
 * - The body of the request is here as a whole, or there is none: a plain answer, and the connection is kept.
 * - There is more to come: the answer with `Connection: close` goes out at once, then a little of what still comes is
 *   discarded, then the connection ends. Ending it at once would make the kernel reset it, and most clients lose an
 *   answer that they have not read by then; keeping it would mean to read the whole upload.
 * - Headers are on their way already: the connection is destroyed, which is the one way left to say that the content is
 *   not complete.
 *
 * Nobody else may read the request any more.
 *
 * @returns a promise that settles when the answer was sent or the client is gone. It never rejects.
 */
export async function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  limits: DiscardLimits = {},
): Promise<void> {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  if (response.destroyed || request.socket.destroyed) return;
  const content = Buffer.from(JSON.stringify(problem.body));
  // While the request event is emitted even a request without a body is not complete.
  const early = !request.complete && hasBody(request);
  for (const name of REPRESENTATION_FIELDS) response.removeHeader(name);
  response.writeHead(problem.status, {
    ...problem.headers,
    'content-length': content.length,
    ...(early ? { connection: 'close' } : {}),
  });
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  // An answer that cannot be written any more has nobody who waits for it.
  response.on('error', () => undefined);
  if (request.method === 'HEAD') response.flushHeaders();
  else response.write(content);
  if (early) await discardRest(request, limits);
  response.end();
  await closed;
}
