/** Weights of an `Accept-Encoding` field by coding, in lower case; `*` stands for those not named. */
export type CodingWeights = ReadonlyMap<string, number>;

const MEMBER = /^([!#$%&'*+\-.^_`|~0-9a-z]+)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;
const ALIASES: Readonly<Record<string, string>> = { 'x-gzip': 'gzip', 'x-compress': 'compress' };

/**
 * Parses `Accept-Encoding` (RFC 9110, 12.5.3). A malformed member is skipped; of a coding named twice the first counts.
 * An empty field has no weights, which leaves nothing but identity acceptable.
 */
export function parseAcceptEncoding(value: string): CodingWeights {
  const weights = new Map<string, number>();
  for (const member of value.split(',')) {
    const match = MEMBER.exec(member.trim());
    if (match === null) continue;
    const coding = canonical(match[1] ?? '');
    if (!weights.has(coding)) weights.set(coding, Number(match[2] ?? '1'));
  }
  return weights;
}

/**
 * Whether a client takes content with these codings, as `Content-Encoding` lists them. Without an `Accept-Encoding`
 * field any coding is acceptable; identity is unless it is excluded.
 */
export function acceptsCodings(acceptEncoding: string | undefined, contentEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return true;
  const weights = parseAcceptEncoding(acceptEncoding);
  const codings = (contentEncoding ?? 'identity').split(',').map((coding) => canonical(coding.trim()));
  return codings.every((coding) => accepts(weights, coding));
}

function accepts(weights: CodingWeights, coding: string): boolean {
  const weight = weights.get(coding) ?? weights.get('*');
  return weight === undefined ? coding === 'identity' : weight > 0;
}

function canonical(coding: string): string {
  const name = coding.toLowerCase();
  return ALIASES[name] ?? name;
}
