const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * The name of a file as a client may say it, made harmless: its last path segment by either kind of slash, with `_` in
 * place of each control character and lone surrogate. It is still the client's choice: no key, no path.
 *
 * @returns undefined where nothing is left, or `.` or `..`.
 */
export function safeFileName(claimed: string): string | undefined {
  const name = claimed
    .slice(Math.max(claimed.lastIndexOf('/'), claimed.lastIndexOf('\\')) + 1)
    .replace(CONTROL_CHARACTERS, '_')
    .replace(LONE_SURROGATES, '_');
  return name === '' || name === '.' || name === '..' ? undefined : name;
}
