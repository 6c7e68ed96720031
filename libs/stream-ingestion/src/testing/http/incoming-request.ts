import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

/**
 * A request as Node.js makes it, without a connection: for cases by the thousand. Its body is what `chunks` give; with
 * `complete: false` it has not ended, and ends when the caller pushes null.
 */
export function incomingRequest(
  headers: Readonly<Record<string, string>>,
  chunks: readonly Uint8Array[] = [],
  { complete = true, method = 'PUT' }: { readonly complete?: boolean; readonly method?: string } = {},
): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = method;
  for (const [name, value] of Object.entries(headers)) {
    request.rawHeaders.push(name, value);
    request.headers[name.toLowerCase()] = value;
  }
  for (const chunk of chunks) request.push(chunk);
  if (complete) endRequest(request);
  return request;
}

/** Ends the body as a complete one. */
export function endRequest(request: IncomingMessage): void {
  request.complete = true;
  request.push(null);
}
