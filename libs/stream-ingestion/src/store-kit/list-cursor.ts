import { StreamIngestionError } from '../contracts/index.js';
import { normalizeObjectKey } from '../engine/index.js';

/** The opaque cursor of a listing that goes on after `lastKey`. */
export function encodeListCursor(lastKey: string): string {
  return Buffer.from(lastKey).toString('base64url');
}

/**
 * @returns the key after which the listing goes on.
 * @throws INVALID_OPTION for anything that {@link encodeListCursor} has not made.
 */
export function decodeListCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (!isObjectKey(key) || encodeListCursor(key) !== cursor) {
    throw new StreamIngestionError('INVALID_OPTION', 'list: cursor must be the nextCursor of an earlier page', {
      operation: 'store.list',
    });
  }
  return key;
}

function isObjectKey(key: string): boolean {
  try {
    return normalizeObjectKey(key) === key;
  } catch {
    return false;
  }
}
