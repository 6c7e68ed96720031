/**
 * Order of keys in a listing: by their UTF-8 bytes. JavaScript compares UTF-16 code units, which is another order for
 * characters beyond the basic plane.
 */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
