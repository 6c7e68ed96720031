/**
 * Order of keys in a listing: by their UTF-8 bytes, which is that of their code points. JavaScript compares UTF-16
 * code units instead, which is another order for characters beyond the basic plane.
 */
export function compareKeys(left: string, right: string): number {
  const common = Math.min(left.length, right.length);
  for (let index = 0; index < common; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rankOf(a) - rankOf(b);
  }
  return left.length - right.length;
}

// Surrogates stand for characters beyond all others.
function rankOf(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}
