import { StreamIngestionError } from '../contracts/index.js';

const MAX_KEY_BYTES = 1024;
const MAX_SEGMENT_BYTES = 255;
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The one form of an object key, the same for every store: Unicode NFC, `/` between segments, relative, at most 1,024
 * UTF-8 bytes with at most 255 in each segment.
 *
 * @throws INVALID_KEY for anything that is empty, too long, not well-formed text, absolute, ends in `/`, has an empty,
 * `.` or `..` segment, a backslash or a control character. Nothing is repaired in silence but the normal form.
 */
export function normalizeObjectKey(key: string): string {
  if (typeof key !== 'string' || key.length === 0) throw invalid('an object key must not be empty');
  if (LONE_SURROGATE.test(key)) throw invalid('an object key must be well-formed Unicode');
  if (CONTROL_CHARACTER.test(key)) throw invalid('an object key must not contain control characters');
  if (key.includes('\\')) throw invalid('an object key must not contain a backslash');
  const normal = key.normalize('NFC');
  if (Buffer.byteLength(normal) > MAX_KEY_BYTES) {
    throw invalid(`an object key must not be longer than ${MAX_KEY_BYTES} bytes of UTF-8`);
  }
  for (const segment of normal.split('/')) {
    if (segment === '') throw invalid('an object key must not begin or end with "/" or contain "//"');
    if (segment === '.' || segment === '..') throw invalid('an object key must not contain "." or ".." segments');
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) {
      throw invalid(`a segment of an object key must not be longer than ${MAX_SEGMENT_BYTES} bytes of UTF-8`);
    }
  }
  return normal;
}

function invalid(message: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_KEY', message, { operation: 'key.normalize' });
}
