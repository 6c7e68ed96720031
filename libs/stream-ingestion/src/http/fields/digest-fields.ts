import { types } from 'node:util';

import { parseDictionary, serializeDictionary } from 'structured-headers';

import { StreamIngestionError, type DigestAlgorithm, type Digests } from '../../contracts/index.js';

interface RegisteredAlgorithm {
  readonly name: string;
  readonly algorithm: DigestAlgorithm;
  readonly bytes: number;
}

/** Of the registry of RFC 9530, 7.2, those that this library computes. All but the first two are deprecated there. */
const REGISTERED: readonly RegisteredAlgorithm[] = [
  { name: 'sha-512', algorithm: 'sha512', bytes: 64 },
  { name: 'sha-256', algorithm: 'sha256', bytes: 32 },
  { name: 'sha', algorithm: 'sha1', bytes: 20 },
  { name: 'md5', algorithm: 'md5', bytes: 16 },
  { name: 'crc32c', algorithm: 'crc32c', bytes: 4 },
];
const ACTIVE: readonly DigestAlgorithm[] = ['sha512', 'sha256'];

/** What a `Want-Repr-Digest` or `Want-Content-Digest` field asks for. */
export interface WantedDigests {
  /** The most wanted first. */
  readonly preferred: readonly DigestAlgorithm[];
  /** Those with the preference 0: not to be sent. */
  readonly refused: readonly DigestAlgorithm[];
}

/**
 * Parses `Content-Digest` or `Repr-Digest` (RFC 9530, 2 and 3): `sha-256=:base64:`. Unknown algorithms are ignored.
 *
 * @throws MALFORMED_INPUT for anything that is no dictionary of byte sequences, or a digest of the wrong length.
 */
export function parseDigestField(field: string, value: string): Digests {
  const digests: Partial<Record<DigestAlgorithm, string>> = {};
  for (const { name, member } of membersOf(field, value)) {
    const registered = REGISTERED.find((candidate) => candidate.name === name);
    if (registered === undefined) continue;
    if (!types.isArrayBuffer(member)) throw malformed(field, `its member ${name} is no byte sequence`);
    if (member.byteLength !== registered.bytes) {
      throw malformed(field, `a ${name} digest has ${registered.bytes} bytes, not ${member.byteLength}`);
    }
    digests[registered.algorithm] = Buffer.from(member).toString('hex');
  }
  return digests;
}

/**
 * A `Repr-Digest` or `Content-Digest` field of these digests.
 *
 * @param algorithms which to write, where they are there. Default: the active ones, sha-512 and sha-256.
 * @returns undefined where none is left.
 */
export function formatReprDigest(
  digests: Digests,
  algorithms: readonly DigestAlgorithm[] = ACTIVE,
): string | undefined {
  const members = REGISTERED.flatMap(({ name, algorithm }) => {
    const digest = algorithms.includes(algorithm) ? digests[algorithm] : undefined;
    return digest === undefined ? [] : [[name, [Buffer.from(digest, 'hex'), new Map()]] as const];
  });
  return members.length === 0 ? undefined : serializeDictionary(new Map(members));
}

/**
 * Parses `Want-Repr-Digest` or `Want-Content-Digest` (RFC 9530, 4): `sha-512=3, sha-256=10, md5=0`. Unknown algorithms
 * and those this library cannot write are left out.
 *
 * @returns undefined where the field is malformed: it is a wish, and may be ignored.
 */
export function parseWantDigest(value: string): WantedDigests | undefined {
  const wanted: { algorithm: DigestAlgorithm; preference: number }[] = [];
  try {
    for (const { name, member } of membersOf('Want-Repr-Digest', value)) {
      if (typeof member !== 'number' || !Number.isInteger(member) || member < 0 || member > 10) return undefined;
      const registered = REGISTERED.find((candidate) => candidate.name === name);
      if (registered !== undefined) wanted.push({ algorithm: registered.algorithm, preference: member });
    }
  } catch {
    return undefined;
  }
  const preferred = wanted.filter(({ preference }) => preference > 0).sort((a, b) => b.preference - a.preference);
  const refused = wanted.filter(({ preference }) => preference === 0);
  return {
    preferred: preferred.map(({ algorithm }) => algorithm),
    refused: refused.map(({ algorithm }) => algorithm),
  };
}

function membersOf(field: string, value: string): { readonly name: string; readonly member: unknown }[] {
  try {
    return [...parseDictionary(value)].map(([name, item]) => ({ name, member: item[0] as unknown }));
  } catch (cause) {
    throw malformed(field, cause instanceof Error ? cause.message : String(cause));
  }
}

function malformed(field: string, why: string): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', `${field} is malformed: ${why}`, {
    operation: 'http.digest',
    context: { field },
  });
}
