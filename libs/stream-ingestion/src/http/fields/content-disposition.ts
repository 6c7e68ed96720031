import { encodeExtendedValue } from './extended-value.js';
import { safeFileName } from './file-name.js';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/gu;
/** Some clients decode percent escapes in the plain form, too. */
const PERCENT_ESCAPE = /%[0-9A-Fa-f]{2}/;

/**
 * A `Content-Disposition` field (RFC 6266): `attachment; filename="naive.txt"; filename*=UTF-8''na%C3%AFve.txt`.
 *
 * The plain form holds ASCII only, with `_` in place of anything else; the extended one (RFC 8187) follows where the
 * plain one does not say it all. Whatever the name holds, the result is one line with at most these two parameters.
 *
 * @param filename only its last path segment is used; without any that is usable the type stands alone.
 */
export function contentDisposition(type: 'attachment' | 'inline', filename?: string): string {
  const name = filename === undefined ? undefined : safeFileName(filename);
  if (name === undefined) return type;
  const plain = name.replace(NOT_PRINTABLE_ASCII, '_').replace(/["\\]/g, '\\$&');
  const needsExtended = !PRINTABLE_ASCII.test(name) || PERCENT_ESCAPE.test(name);
  return `${type}; filename="${plain}"${needsExtended ? `; filename*=${encodeExtendedValue(name)}` : ''}`;
}
