import { StreamIngestionError, type ByteRange } from '../contracts/index.js';

/** Bytes from `start` up to but without `end`: how readers count, where a {@link ByteRange} is how HTTP does. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The span of an object of `size` bytes that a reading covers: the whole without a range.
 *
 * @throws RANGE_NOT_SATISFIABLE unless the whole range lies within the object.
 */
export function spanOf(range: ByteRange | undefined, size: number): ByteSpan {
  if (range === undefined) return { start: 0, end: size };
  const { start, end } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end >= size) {
    throw new StreamIngestionError('RANGE_NOT_SATISFIABLE', 'the range does not lie within the object', {
      operation: 'source.read',
      context: { start, end, size },
    });
  }
  return { start, end: end + 1 };
}
