import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BYTES = 1024 * 1024;
const MAX_MS = 5000;
const CHECK_MS = 50;

/**
 * Bounds what is read of a body once the request was answered without it, by a guard or a filter of the application: left
 * alone, Node.js reads it to its end and throws it away, however long it is. Ending the connection at once would lose the
 * answer; so a little is read on, as after a problem document.
 */
export function limitUnreadBody(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    const { socket } = request;
    if (request.complete || socket.destroyed) return;
    const readBefore = socket.bytesRead;
    const until = performance.now() + MAX_MS;
    const timer = setInterval(() => {
      if (request.complete) clearInterval(timer);
      else if (socket.bytesRead - readBefore > MAX_BYTES || performance.now() > until) socket.destroy();
    }, CHECK_MS).unref();
    socket.once('close', () => clearInterval(timer));
  });
}
