import type { IncomingHttpHeaders } from 'node:http';

/**
 * Header fields out of a request's `rawHeaders`, every repeated line joined with a comma (RFC 9110, 5.3).
 *
 * Node's own `headers` silently keeps the first of two `If-Modified-Since` or `If-Unmodified-Since` lines, although a
 * field with more than one date is to be ignored (RFC 9110, 13.1.3 and 13.1.4). Joined, it is no date any more.
 */
export function joinFieldLines(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(values);
}
