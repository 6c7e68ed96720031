import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Without these a request has no body, as far as a body parser can see (RFC 9112, 6). */
const BODY_FIELDS = ['content-type', 'content-length', 'transfer-encoding'] as const;

const HIDDEN = Symbol('nestjs-stream-ingestion.hidden-body');
const UNTOUCHED = Symbol('nestjs-stream-ingestion.untouched-body');

type WithHidden = IncomingMessage & { [HIDDEN]?: IncomingHttpHeaders; [UNTOUCHED]?: true };

/** Hides the body of a request from whoever looks for one. Idempotent. The stream itself is not touched. */
export function hideBody(request: IncomingMessage): void {
  const carrier: WithHidden = request;
  if (carrier[HIDDEN] !== undefined) return;
  const hidden: IncomingHttpHeaders = {};
  for (const field of BODY_FIELDS) {
    const value = request.headers[field];
    if (value === undefined) continue;
    hidden[field] = value;
    delete request.headers[field];
  }
  carrier[HIDDEN] = hidden;
  carrier[UNTOUCHED] = true;
}

/** Gives a request back what was hidden. Idempotent. */
export function revealBody(request: IncomingMessage): void {
  const carrier: WithHidden = request;
  if (carrier[HIDDEN] === undefined) return;
  Object.assign(request.headers, carrier[HIDDEN]);
  delete carrier[HIDDEN];
}

/** True for a request whose body was ever hidden: one for a raw route. */
export function isUntouched(request: IncomingMessage): boolean {
  return (request as WithHidden)[UNTOUCHED] === true;
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
