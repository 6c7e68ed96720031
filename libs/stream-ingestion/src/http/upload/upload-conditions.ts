import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';
import { parseEntityTagList } from '../fields/entity-tag.js';

/** Preconditions of an upload (RFC 9110, 13.1), as a store can hold them against concurrent writers. */
export interface UploadConditions {
  /** Create only. */
  readonly ifNoneMatch?: '*';
  /** Replace only: any version, or one of these (opaque parts of strong entity tags, at least one). */
  readonly ifMatch?: '*' | readonly string[];
}

/**
 * Reads `If-Match` and `If-None-Match` of a request that writes.
 *
 * `If-Match` compares strongly, so weak tags are dropped. A condition that no store can hold atomically
 * (`If-None-Match` with tags, `If-Unmodified-Since` alone) is refused rather than ignored: the client relies on it.
 * `If-Modified-Since` has no meaning here and is ignored, as RFC 9110, 13.1.3 wants.
 *
 * @throws PRECONDITION_FAILED where `If-Match` has no strong tag, so that it can never hold; UNSUPPORTED.
 */
export function readUploadConditions(request: IncomingMessage): UploadConditions {
  const { headers } = request;
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch !== undefined && parseEntityTagList(ifNoneMatch) !== '*') {
    throw unsupported('if-none-match', 'If-None-Match on an upload takes nothing but *');
  }
  if (ifMatch === undefined && headers['if-unmodified-since'] !== undefined) {
    throw unsupported('if-unmodified-since', 'If-Unmodified-Since is not held on uploads; send If-Match');
  }
  return {
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch: '*' }),
    ...(ifMatch === undefined ? {} : { ifMatch: strongTags(ifMatch) }),
  };
}

function strongTags(value: string): '*' | readonly string[] {
  const list = parseEntityTagList(value);
  if (list === '*') return list;
  // A tag `"*"` is no wildcard; stores, which are told `*` for any version, have none of that name.
  const strong = list.filter(({ weak, opaque }) => !weak && opaque !== '*').map(({ opaque }) => opaque);
  if (strong.length > 0) return strong;
  throw new StreamIngestionError('PRECONDITION_FAILED', 'If-Match has no strong entity tag, so it cannot hold', {
    operation: 'http.conditions',
    context: { field: 'if-match' },
  });
}

function unsupported(field: string, message: string): StreamIngestionError {
  return new StreamIngestionError('UNSUPPORTED', message, { operation: 'http.conditions', context: { field } });
}
