/** An entity tag (RFC 9110, 8.8.3): the opaque part without its quotes, and whether it is weak. */
export interface EntityTag {
  readonly opaque: string;
  readonly weak: boolean;
}

const ETAG_CHARACTERS = '[\\x21\\x23-\\x7e\\x80-\\xff]*';
const OPAQUE = new RegExp(`^${ETAG_CHARACTERS}$`);
const ENTITY_TAG = new RegExp(`^(W/)?"(${ETAG_CHARACTERS})"$`);
const LIST_MEMBER = `[ \\t]*(?:(W/)?"(${ETAG_CHARACTERS})"[ \\t]*)?(,|$)`;

/** True for text that may stand between the quotes of an entity tag. */
export function isOpaqueTag(text: string): boolean {
  return OPAQUE.test(text);
}

/** A strong entity tag as it is written in a field: `"v1"`. */
export function formatEntityTag(opaque: string): string {
  return `"${opaque}"`;
}

/** One entity tag, or undefined for anything else. `W/` is case-sensitive. */
export function parseEntityTag(text: string): EntityTag | undefined {
  const match = ENTITY_TAG.exec(text);
  return match === null ? undefined : { opaque: match[2] ?? '', weak: match[1] !== undefined };
}

/**
 * The value of `If-Match` or `If-None-Match`: `*`, or its tags. Empty members are skipped (RFC 9110, 5.6.1.2); a value
 * with any other flaw has no tags, so that it matches nothing.
 */
export function parseEntityTagList(value: string): '*' | readonly EntityTag[] {
  if (value.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  const member = new RegExp(LIST_MEMBER, 'y');
  for (;;) {
    const match = member.exec(value);
    if (match === null) return [];
    if (match[2] !== undefined) tags.push({ opaque: match[2], weak: match[1] !== undefined });
    if (match[3] === '') return tags;
  }
}

/** Strong comparison with a strong tag (RFC 9110, 8.8.3.2): a weak tag never matches. */
export function matchesStrongly(tag: EntityTag, opaque: string): boolean {
  return !tag.weak && tag.opaque === opaque;
}

/** Weak comparison (RFC 9110, 8.8.3.2): the opaque parts alone count. */
export function matchesWeakly(tag: EntityTag, opaque: string): boolean {
  return tag.opaque === opaque;
}
