import type { ByteRange } from '../../contracts/index.js';
import type { RangeSpec } from '../fields/range.js';

/** `whole`: answer as if there were no Range. `refused`: 416. */
export type RangeSelection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'ranges'; readonly ranges: readonly [ByteRange, ...ByteRange[]] };

/**
 * The bytes that a valid Range asks for (RFC 9110, 14.1.2 and 15.3.7.2): what lies outside the object is left out, ends
 * are clamped, ranges that overlap or touch are joined, and the rest stays in request order. As joined ranges are
 * disjoint, they never hold more bytes than the object does. Refused: nothing satisfiable, or more than `maxRanges`.
 */
export function selectRanges(specs: readonly RangeSpec[], size: number, maxRanges: number): RangeSelection {
  if (size === 0) return selectOfNothing(specs);
  const [first, ...others] = coalesce(specs.flatMap((spec) => resolve(spec, size) ?? []));
  if (first === undefined || others.length >= maxRanges) return { kind: 'refused' };
  return { kind: 'ranges', ranges: [first, ...others] };
}

/** A suffix of an empty object is satisfiable, but no Content-Range can say so: it is the whole, nothing. */
function selectOfNothing(specs: readonly RangeSpec[]): RangeSelection {
  const satisfiable = specs.some((spec) => spec.kind === 'suffix' && spec.length > 0);
  return satisfiable ? { kind: 'whole' } : { kind: 'refused' };
}

function resolve(spec: RangeSpec, size: number): ByteRange | undefined {
  if (spec.kind === 'suffix') {
    return spec.length === 0 ? undefined : { start: Math.max(0, size - spec.length), end: size - 1 };
  }
  if (spec.first >= size) return undefined;
  return { start: spec.first, end: Math.min(spec.last ?? size - 1, size - 1) };
}

/** A joined range stands where the earliest of its members stood. */
function coalesce(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: { start: number; end: number; position: number }[] = [];
  const byStart = ranges.map((range, position) => ({ ...range, position })).sort((a, b) => a.start - b.start);
  for (const range of byStart) {
    const last = joined.at(-1);
    if (last === undefined || range.start > last.end + 1) {
      joined.push(range);
    } else {
      last.end = Math.max(last.end, range.end);
      last.position = Math.min(last.position, range.position);
    }
  }
  return joined.sort((a, b) => a.position - b.position).map(({ start, end }) => ({ start, end }));
}
