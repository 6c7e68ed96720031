/** Text from elsewhere, such as a file name, made harmless for a terminal: control characters become `?`. */
export function printable(text: string): string {
  // Other (C): control, format (among them the ones that reverse the direction), surrogate.
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
}
