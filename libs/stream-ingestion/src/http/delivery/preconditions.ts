import type { IncomingHttpHeaders } from 'node:http';

import { matchesStrongly, matchesWeakly, parseEntityTag, parseEntityTagList } from '../fields/entity-tag.js';
import { parseHttpDate } from '../fields/http-date.js';

/** What conditions are compared with. */
export interface Validators {
  readonly etag: string;
  /** Whole seconds, not after `now`. Absent where it is not known; conditions on it are then ignored. */
  readonly lastModified: Date | undefined;
  readonly now: Date;
}

export type PreconditionOutcome = 'proceed' | 'not-modified' | 'failed';

// Closer to now than this, the object may have changed twice within the second that its date names.
const STRONG_DATE_AGE_MS = 60_000;

/** The preconditions of a GET or HEAD but If-Range, in the order of RFC 9110, 13.2.2. */
export function evaluatePreconditions(headers: IncomingHttpHeaders, validators: Validators): PreconditionOutcome {
  const { etag } = validators;
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!names(ifMatch, (tag) => matchesStrongly(tag, etag))) return 'failed';
  } else if (wasModifiedSince(headers['if-unmodified-since'], validators) === true) {
    return 'failed';
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    return names(ifNoneMatch, (tag) => matchesWeakly(tag, etag)) ? 'not-modified' : 'proceed';
  }
  return wasModifiedSince(headers['if-modified-since'], validators) === false ? 'not-modified' : 'proceed';
}

/**
 * Whether If-Range lets the Range stand (RFC 9110, 13.1.5): a strong tag compared strongly, or the very date of the
 * last modification where that is old enough to be a strong validator. Anything else does not.
 */
export function ifRangeHolds(value: string, { etag, lastModified, now }: Validators): boolean {
  const tag = parseEntityTag(value);
  if (tag !== undefined) return matchesStrongly(tag, etag);
  const date = parseHttpDate(value, now);
  if (date === undefined || lastModified === undefined) return false;
  return date.getTime() === lastModified.getTime() && now.getTime() - lastModified.getTime() >= STRONG_DATE_AGE_MS;
}

type EntityTagTest = (tag: { readonly opaque: string; readonly weak: boolean }) => boolean;

function names(value: string, test: EntityTagTest): boolean {
  const tags = parseEntityTagList(value);
  return tags === '*' || tags.some(test);
}

/** Undefined where the field is absent, is no single valid date, or there is nothing to compare it with. */
function wasModifiedSince(value: string | undefined, { lastModified, now }: Validators): boolean | undefined {
  const date = value === undefined ? undefined : parseHttpDate(value, now);
  if (date === undefined || lastModified === undefined) return undefined;
  return lastModified.getTime() > date.getTime();
}
