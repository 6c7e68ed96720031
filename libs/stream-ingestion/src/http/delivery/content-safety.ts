import { parseMediaType } from '../fields/media-type.js';

const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;
const CODING = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const CODINGS = new RegExp(`^${CODING}(?:[ \\t]*,[ \\t]*${CODING})*$`);

/** Text that a browser shows without running anything in it. */
const INERT_TEXT = new Set(['text/plain', 'text/csv', 'text/markdown', 'application/json', 'application/x-ndjson']);

/** True for text that can be the value of a header field: not empty, one line, of characters that Node writes. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

/** The stored content type where it is a media type (RFC 9110, 8.3.1), else `application/octet-stream`. */
export function safeContentType(contentType: string | undefined): string {
  if (contentType === undefined || !isFieldValue(contentType)) return 'application/octet-stream';
  return parseMediaType(contentType) === undefined ? 'application/octet-stream' : contentType;
}

/** The stored content codings where they are names of codings and not just identity; undefined otherwise. */
export function safeContentEncoding(contentEncoding: string | undefined): string | undefined {
  if (contentEncoding === undefined || !CODINGS.test(contentEncoding)) return undefined;
  return contentEncoding.toLowerCase() === 'identity' ? undefined : contentEncoding;
}

/**
 * Whether untrusted content of that type may be shown in place. SVG and other XML images run scripts; a PDF does not
 * open in a sandbox, so that in place it would be a blank page. A type that is not known is not inert.
 */
export function isInert(contentType: string): boolean {
  const essence = parseMediaType(contentType)?.essence ?? '';
  if (/^(?:audio|video|font)\//.test(essence)) return true;
  return essence.startsWith('image/') ? !/svg|xml/.test(essence) : INERT_TEXT.has(essence);
}
