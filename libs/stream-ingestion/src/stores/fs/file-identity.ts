import type { BigIntStats } from 'node:fs';

import { sidecarPrefix } from './fs-layout.js';

/** What tells two versions of a file apart. */
export interface FileIdentity {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

export function identityOf(stats: BigIntStats): FileIdentity {
  return { size: Number(stats.size), mtimeNs: stats.mtimeNs, ino: stats.ino };
}

export function isSameFile(left: FileIdentity, right: FileIdentity): boolean {
  return left.ino === right.ino && left.mtimeNs === right.mtimeNs && left.size === right.size;
}

/**
 * Name of the sidecar that describes this version of this object, and no other. Without the inode, so that it still
 * fits after a backup that keeps times was restored.
 */
export function sidecarName(key: string, { size, mtimeNs }: FileIdentity): string {
  return `${sidecarPrefix(key)}-${size}-${mtimeNs}.json`;
}

/** Validator of a file that another program has placed. */
export function foreignEtag({ size, mtimeNs, ino }: FileIdentity): string {
  return `${mtimeNs.toString(16)}-${size.toString(16)}-${ino.toString(16)}`;
}
