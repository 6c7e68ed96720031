import { decodeExtendedValue } from './extended-value.js';
import { safeFileName } from './file-name.js';
import { parseParameters } from './parameters.js';

/** What the `Content-Disposition` of a part of multipart/form-data says (RFC 7578, 4.2). */
export interface FormDataDisposition {
  /** Any text but the empty one, as the form has it. */
  readonly name: string;
  /** Whether there is a file name, be it an empty one: what tells a file from a field. */
  readonly isFile: boolean;
  /** See {@link safeFileName}. */
  readonly filename?: string;
}

const TYPE = /^form-data(?=[ \t;]|$)/i;

/**
 * Parses what browsers (WHATWG HTML, 4.10.22.8) and other clients write between the quotes alike: `%22`, `%0D` and
 * `%0A` stand for quote, CR and LF; so do `\"` and `\\` for quote and backslash; any other backslash is one.
 *
 * `filename*` is not allowed here by RFC 7578, but some clients send it, always with the better name: it wins.
 *
 * @returns undefined for another type, a missing or empty name, a parameter that comes twice or any malformed one.
 */
export function parseFormDataDisposition(value: string): FormDataDisposition | undefined {
  const type = TYPE.exec(value)?.[0];
  if (type === undefined) return undefined;
  const parameters = parseParameters(value, type.length, unescapeFormData);
  const name = parameters?.get('name');
  if (parameters === undefined || name === undefined || name === '') return undefined;
  const extended = parameters.get('filename*');
  const claimed = extended === undefined ? parameters.get('filename') : decodeExtendedValue(extended);
  if (extended !== undefined && claimed === undefined) return undefined;
  const filename = claimed === undefined ? undefined : safeFileName(claimed);
  return { name, isFile: claimed !== undefined, ...(filename === undefined ? {} : { filename }) };
}

const ESCAPES: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n', '\\"': '"', '\\\\': '\\' };

function unescapeFormData(quoted: string): string {
  return quoted.replace(/%22|%0D|%0A|\\["\\]/gi, (escape) => ESCAPES[escape.toUpperCase()] ?? escape);
}
