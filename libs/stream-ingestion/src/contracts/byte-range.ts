/** Bytes `start` to `end`, zero-based, both inclusive: `{ start: 0, end: 0 }` is the first byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
