import type { Digests, ObjectInfo } from '../../contracts/index.js';
import type { ObjectAttributes } from '../../store-kit/index.js';
import { foreignEtag, type FileIdentity } from './file-identity.js';

/** What is known of one version of an object besides its bytes. Written once, never changed. */
export interface Sidecar extends ObjectAttributes {
  readonly key: string;
  readonly size: number;
  /** Random, made anew for each version. */
  readonly etag: string;
  readonly digests: Digests;
}

const FORMAT = 1;

export function encodeSidecar(sidecar: Sidecar): string {
  return JSON.stringify({ format: FORMAT, ...sidecar });
}

/** @returns undefined for anything that {@link encodeSidecar} has not made. */
export function decodeSidecar(text: string): Sidecar | undefined {
  const value = parseRecord(text);
  if (value?.['format'] !== FORMAT) return undefined;
  const { key, size, etag, digests, contentType, contentEncoding, metadata } = value;
  if (typeof key !== 'string' || typeof size !== 'number' || typeof etag !== 'string') return undefined;
  if (!isTextRecord(digests) || !isTextRecord(metadata)) return undefined;
  return {
    key,
    size,
    etag,
    digests,
    metadata,
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(typeof contentEncoding === 'string' ? { contentEncoding } : {}),
  };
}

/** A file without a sidecar was placed by another program, and is served as it is. */
export function objectInfoOf(key: string, identity: FileIdentity, sidecar: Sidecar | undefined): ObjectInfo {
  const lastModified = new Date(Number(identity.mtimeNs / 1_000_000n));
  if (sidecar === undefined) {
    return { key, size: identity.size, etag: foreignEtag(identity), lastModified, digests: {}, metadata: {} };
  }
  return { ...sidecar, lastModified };
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((entry) => typeof entry === 'string');
}
