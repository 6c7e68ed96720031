import { StreamIngestionError, type ListOptions } from '../contracts/index.js';
import { decodeListCursor } from './list-cursor.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** {@link ListOptions} with every default filled in. */
export interface ListRequest {
  /** In the normal form of keys; empty for all. */
  readonly prefix: string;
  readonly limit: number;
  /** Only keys after this one. */
  readonly after: string | undefined;
}

/** @throws INVALID_OPTION for a limit or a cursor out of bounds. */
export function resolveListRequest({ prefix = '', limit = DEFAULT_LIMIT, cursor }: ListOptions): ListRequest {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new StreamIngestionError('INVALID_OPTION', `list: limit must be an integer from 1 to ${MAX_LIMIT}`, {
      operation: 'store.list',
      context: { limit },
    });
  }
  return {
    prefix: prefix.normalize('NFC'),
    limit,
    after: cursor === undefined ? undefined : decodeListCursor(cursor),
  };
}
