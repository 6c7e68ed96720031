import { isUtf8 } from 'node:buffer';

import { StreamIngestionError } from '../../contracts/index.js';
import { parseFormDataDisposition } from '../fields/form-data-disposition.js';
import { parseMediaType } from '../fields/media-type.js';

/** What the header lines of a part say. */
export interface PartHeader {
  readonly name: string;
  readonly isFile: boolean;
  readonly filename?: string;
  /** As it was sent, where it was. */
  readonly contentType?: string;
  /** In lower case, where it was sent. */
  readonly charset?: string;
  readonly headers: ReadonlyMap<string, string>;
}

const PADDING = /^[ \t]*$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const CONTROL_CHARACTER = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const SINGLE = new Set(['content-disposition', 'content-type', 'content-transfer-encoding']);
const PLAIN_ENCODINGS = new Set(['', '7bit', '8bit', 'binary']);
const OCTET_STREAM = 'application/octet-stream';

/**
 * Parses what stands between a boundary and the blank line: the rest of the boundary's own line, then header lines, all
 * in UTF-8 (RFC 7578, 5.1). Lines folded onto the next are not taken: no client of forms makes them.
 *
 * @throws MALFORMED_INPUT.
 */
export function parsePartHeader(block: Buffer): PartHeader {
  if (!isUtf8(block)) throw malformed('the header lines of a part are not UTF-8');
  const [padding = '', ...lines] = block.toString('utf8').split('\r\n');
  if (!PADDING.test(padding)) throw malformed('a boundary is followed by something else than the end of its line');
  const headers = parseLines(lines);
  const disposition = parseFormDataDisposition(headers.get('content-disposition') ?? '');
  if (disposition === undefined) {
    throw malformed('a part has no Content-Disposition: form-data with a name, or a malformed one');
  }
  if (!PLAIN_ENCODINGS.has(headers.get('content-transfer-encoding')?.toLowerCase() ?? '')) {
    throw malformed('a part has a Content-Transfer-Encoding, which is not used in forms (RFC 7578, 4.7)');
  }
  const contentType = headers.get('content-type') ?? '';
  if (contentType === '') return { ...disposition, headers };
  const mediaType = parseMediaType(contentType);
  if (mediaType === undefined) throw malformed('the Content-Type of a part is no media type');
  const charset = mediaType.parameters.get('charset')?.toLowerCase();
  const isFile = disposition.isFile || mediaType.essence === OCTET_STREAM;
  return { ...disposition, isFile, contentType, ...(charset === undefined ? {} : { charset }), headers };
}

function parseLines(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!NAME.test(name) || CONTROL_CHARACTER.test(line)) throw malformed('a part has a malformed header line');
    const value = trimWhiteSpace(line.slice(colon + 1));
    const before = headers.get(name);
    if (before !== undefined && SINGLE.has(name)) throw malformed(`a part has more than one ${name} line`);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

/** Of spaces and tabs alone; `trim` takes more away. By hand, since a pattern would be quadratic. */
function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text[start])) start += 1;
  while (end > start && isWhiteSpace(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isWhiteSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function malformed(message: string): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', message, { operation: 'multipart.parse' });
}
