import type { IncomingHttpHeaders } from 'node:http';

import type { DigestAlgorithm, Digests } from '../../contracts/index.js';
import { formatReprDigest, parseWantDigest, type WantedDigests } from '../fields/digest-fields.js';

/** Those of RFC 9530 that are not deprecated; the others are sent to a client that asks for them. */
const ACTIVE: readonly DigestAlgorithm[] = ['sha512', 'sha256'];

/**
 * `Repr-Digest` (RFC 9530, 3): the most wanted digest that is stored, else every active one that is not refused. It
 * covers the whole representation, content coding included, whatever part of it is sent.
 *
 * @param onlyWanted leave it out where the client did not ask: it has it already.
 */
export function reprDigestField(
  digests: Digests,
  headers: IncomingHttpHeaders,
  onlyWanted: boolean,
): Record<string, string> {
  const wanted = wantedOf(headers['want-repr-digest']);
  const best = bestOf(digests, wanted);
  if (best !== undefined) return field('Repr-Digest', formatReprDigest(digests, [best]));
  if (onlyWanted) return {};
  const defaults = ACTIVE.filter((algorithm) => wanted?.refused.includes(algorithm) !== true);
  return field('Repr-Digest', formatReprDigest(digests, defaults));
}

/**
 * `Content-Digest` (RFC 9530, 2) of a whole representation, whose content has the digests that are stored. Sent only
 * where it is wanted. Of anything less the digests are not known before it is sent.
 */
export function contentDigestField(digests: Digests, headers: IncomingHttpHeaders): Record<string, string> {
  const best = bestOf(digests, wantedOf(headers['want-content-digest']));
  return best === undefined ? {} : field('Content-Digest', formatReprDigest(digests, [best]));
}

function wantedOf(value: string | string[] | undefined): WantedDigests | undefined {
  return value === undefined ? undefined : parseWantDigest(String(value));
}

function bestOf(digests: Digests, wanted: WantedDigests | undefined): DigestAlgorithm | undefined {
  return wanted?.preferred.find((algorithm) => digests[algorithm] !== undefined);
}

function field(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
