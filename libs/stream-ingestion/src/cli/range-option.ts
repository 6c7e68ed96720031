import { StreamIngestionError, type ByteRange } from '../contracts/index.js';
import { usageError } from './usage-error.js';

/** What `--range` asks for, before the length of the source is known. */
export type RangeRequest =
  | { readonly kind: 'from'; readonly start: number; readonly end: number | undefined }
  | { readonly kind: 'last'; readonly bytes: number };

/**
 * `a-b`, `a-` and `-n`, as in the Range field of HTTP (RFC 9110, 14.1.2): zero-based, both ends inclusive; `-n` is the
 * last n bytes.
 *
 * @throws INVALID_OPTION for anything else.
 */
export function parseRange(text: string): RangeRequest {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(text) ?? [];
  const start = first === '' ? undefined : Number(first);
  const end = last === '' ? undefined : Number(last);
  if (first !== undefined && [start, end].every((bound) => bound === undefined || Number.isSafeInteger(bound))) {
    if (start !== undefined && (end === undefined || end >= start)) return { kind: 'from', start, end };
    if (start === undefined && end !== undefined && end > 0) return { kind: 'last', bytes: end };
  }
  throw usageError(`--range must be a-b, a- or -n (bytes, from 0, both ends included), but it is "${text}"`);
}

/** As the value of the HTTP field. */
export function rangeField(range: RangeRequest): string {
  return range.kind === 'last' ? `bytes=-${range.bytes}` : `bytes=${range.start}-${range.end ?? ''}`;
}

/**
 * The bytes that are meant in a source of `size` bytes; an end beyond it is the last byte.
 *
 * @throws RANGE_NOT_SATISFIABLE where there is no such byte.
 */
export function resolveRange(range: RangeRequest, size: number): ByteRange {
  const start = range.kind === 'last' ? Math.max(0, size - range.bytes) : range.start;
  const end = range.kind === 'last' ? size - 1 : Math.min(range.end ?? Infinity, size - 1);
  if (start < size) return { start, end };
  throw new StreamIngestionError('RANGE_NOT_SATISFIABLE', `the range begins beyond the end: there are ${size} bytes`, {
    operation: 'source.open',
    context: { size },
  });
}
