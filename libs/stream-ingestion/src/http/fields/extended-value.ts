const EXTENDED_VALUE = /^([A-Za-z0-9!#$%&+\-^_`{}~]+)'[A-Za-z0-9-]*'((?:%[0-9A-Fa-f]{2}|[A-Za-z0-9!#$&+\-.^_`|~])*)$/;
const NOT_IN_EXTENDED_VALUE = /['()*]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * The text of an extended parameter value such as `UTF-8''na%C3%AFve.txt` (RFC 8187, 3.2).
 *
 * @returns undefined where it is malformed, in another charset than UTF-8 or ISO-8859-1, or not valid in it.
 */
export function decodeExtendedValue(value: string): string | undefined {
  const match = EXTENDED_VALUE.exec(value);
  if (match === null) return undefined;
  const charset = (match[1] ?? '').toLowerCase();
  const encoded = match[2] ?? '';
  if (charset === 'iso-8859-1') return encoded.replace(/%(..)/g, (_, hex: string) => characterOf(hex));
  if (charset !== 'utf-8') return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** The extended form of any text, always in UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeExtendedValue(text: string): string {
  const encoded = encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd')).replace(
    NOT_IN_EXTENDED_VALUE,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `UTF-8''${encoded}`;
}

function characterOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
