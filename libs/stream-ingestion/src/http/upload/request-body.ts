import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';

/**
 * Makes sure that the whole body is still to be read.
 *
 * @throws INVALID_OPTION where somebody else has read of it, SOURCE_CLOSED where the client is gone.
 */
export function assertBodyUntouched(request: IncomingMessage): void {
  if (request.readableDidRead || request.readableEnded || request.readableEncoding !== null) {
    throw new StreamIngestionError(
      'INVALID_OPTION',
      `the body of ${request.method} ${request.headers['content-type'] ?? 'without a content type'} was read before ` +
        'the upload began: a body parser ran first. Keep body parsers off upload routes (in Nest: @UntouchedBody())',
      { operation: 'http.read' },
    );
  }
  if (request.destroyed) throw clientClosed();
}

/** The connection ended before the body did. */
export function clientClosed(cause?: unknown): StreamIngestionError {
  return new StreamIngestionError('SOURCE_CLOSED', 'the client closed the connection before the end of the body', {
    operation: 'http.read',
    ...(cause === undefined ? {} : { cause }),
  });
}
