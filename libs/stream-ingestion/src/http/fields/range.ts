/**
 * One member of a `Range` field in bytes (RFC 9110, 14.1.2). `last` is absent for "to the end". Positions are clamped
 * to `Number.MAX_SAFE_INTEGER`, which is beyond the end of every object.
 */
export type RangeSpec =
  | { readonly kind: 'from'; readonly first: number; readonly last?: number }
  | { readonly kind: 'suffix'; readonly length: number };

const BYTES_UNIT = /^bytes=/i;
const RANGE_SPEC = /^(\d*)-(\d*)$/;

/**
 * The members of a `Range` field in request order. Undefined where the field is to be ignored (RFC 9110, 14.2): a unit
 * other than bytes, no member, or any member that is malformed or ends before it starts.
 */
export function parseRange(value: string): readonly RangeSpec[] | undefined {
  const unit = BYTES_UNIT.exec(value);
  if (unit === null) return undefined;
  const specs: RangeSpec[] = [];
  for (const member of value.slice(unit[0].length).split(',')) {
    const text = member.trim();
    if (text === '') continue;
    const spec = parseSpec(text);
    if (spec === undefined) return undefined;
    specs.push(spec);
  }
  return specs.length === 0 ? undefined : specs;
}

function parseSpec(text: string): RangeSpec | undefined {
  const [, first = '', last = ''] = RANGE_SPEC.exec(text) ?? [];
  if (first === '') return last === '' ? undefined : { kind: 'suffix', length: clamp(last) };
  if (last === '') return { kind: 'from', first: clamp(first) };
  if (BigInt(last) < BigInt(first)) return undefined;
  return { kind: 'from', first: clamp(first), last: clamp(last) };
}

function clamp(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}
