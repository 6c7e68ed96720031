import { randomBytes } from 'node:crypto';

import { StreamIngestionError, type ByteRange } from '../../contracts/index.js';
import type { DeliveryPart, MultipartBody } from './delivery-plan.js';

const BOUNDARY = /^[0-9A-Za-z]{1,70}$/;

/** `Content-Range` of bytes that are sent. */
export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}

/**
 * Frames ranges as multipart/byteranges (RFC 9110, 14.6). The boundary is random, so that content made to contain it
 * cannot be stored beforehand.
 *
 * @throws INVALID_OPTION for a boundary that is not 1 to 70 letters and digits.
 */
export function frameRanges(
  ranges: readonly ByteRange[],
  size: number,
  contentType: string,
  boundary = randomBytes(24).toString('hex'),
): MultipartBody {
  if (!BOUNDARY.test(boundary)) {
    throw new StreamIngestionError('INVALID_OPTION', 'boundary must be 1 to 70 letters and digits', {
      operation: 'delivery.plan',
    });
  }
  const parts = ranges.map((range, index): DeliveryPart => {
    const delimiter = index === 0 ? `--${boundary}` : `\r\n--${boundary}`;
    const fields = `Content-Type: ${contentType}\r\nContent-Range: ${contentRange(range, size)}`;
    return { head: `${delimiter}\r\n${fields}\r\n\r\n`, range };
  });
  return { kind: 'multipart', boundary, parts, tail: `\r\n--${boundary}--\r\n` };
}

/** Exact length of the body in bytes. */
export function multipartLength({ parts, tail }: MultipartBody): number {
  return parts.reduce(
    (sum, { head, range }) => sum + Buffer.byteLength(head, 'latin1') + range.end - range.start + 1,
    Buffer.byteLength(tail, 'latin1'),
  );
}
