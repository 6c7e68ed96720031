const NAME = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const WHITE_SPACE = /[ \t]*/y;

/**
 * Parameters of a header field, by name in lower case: `; name=value; other="quoted value"` (RFC 9110, 5.6.6).
 *
 * @param start where the first `;` or the white space before it stands.
 * @param unescape makes the value of what stood between quotes.
 * @returns undefined where the text is anything else, or has a name twice.
 */
export function parseParameters(
  text: string,
  start: number,
  unescape: (quoted: string) => string,
): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  let at = start;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(WHITE_SPACE);
    if (at === text.length) return parameters;
    if (text[at] !== ';') return undefined;
    at += 1;
    take(WHITE_SPACE);
    const name = take(NAME)?.[0].toLowerCase();
    // A semicolon with nothing behind it is allowed.
    if (name === undefined) continue;
    if (text[at] !== '=' || parameters.has(name)) return undefined;
    at += 1;
    const quoted = take(QUOTED)?.[1];
    const value = quoted === undefined ? take(NAME)?.[0] : unescape(quoted);
    if (value === undefined) return undefined;
    parameters.set(name, value);
  }
}
