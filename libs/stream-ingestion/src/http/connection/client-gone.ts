import type { IncomingMessage, ServerResponse } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';

export interface ClientGone {
  /**
   * Fires when the client has gone before it got the whole answer. Its reason is SOURCE_CLOSED where the body of the
   * request was not complete by then, else DESTINATION_CLOSED.
   */
  readonly signal: AbortSignal;
  /** Removes the listeners; the signal stays as it is. Idempotent. Needless once the exchange has ended. */
  dispose(): void;
}

/**
 * Watches whether the client of an exchange goes away: for work that nobody would see the result of.
 *
 * An answer that was handed to the operating system as a whole counts as received. A request that ended well is told
 * from one that was cut off by `request.complete`, not by its events.
 */
export function clientGone(request: IncomingMessage, response: ServerResponse): ClientGone {
  const controller = new AbortController();
  const dispose = (): void => {
    request.off('close', onRequestClose);
    response.off('close', onResponseClose);
  };
  const abort = (): void => {
    dispose();
    controller.abort(
      request.complete
        ? closed('DESTINATION_CLOSED', 'the client closed the connection before the end of the answer')
        : closed('SOURCE_CLOSED', 'the client closed the connection before the end of the body'),
    );
  };
  const onRequestClose = (): void => {
    // Comes after every request, also after one that was read to its end.
    if (!request.complete && !response.writableFinished) abort();
  };
  const onResponseClose = (): void => {
    if (response.writableFinished) dispose();
    else abort();
  };
  request.on('close', onRequestClose);
  response.on('close', onResponseClose);
  if (request.closed) onRequestClose();
  if (response.closed || request.socket.destroyed) onResponseClose();
  return { signal: controller.signal, dispose };
}

function closed(code: 'SOURCE_CLOSED' | 'DESTINATION_CLOSED', message: string): StreamIngestionError {
  return new StreamIngestionError(code, message, { operation: 'http.exchange' });
}
