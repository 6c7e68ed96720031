import { Readable } from 'node:stream';

import type { PullSource } from '../../contracts/index.js';
import { Pattern } from './pattern.js';

export interface PatternStreamOptions {
  /** Default: 1. */
  readonly seed?: number;
  /** Length of each chunk but the last, in bytes, 1 or more. Default: 64 KiB. */
  readonly chunkBytes?: number;
}

const DEFAULT_CHUNK_BYTES = 64 * 1024;

/** `size` bytes of the pattern as a pull source. */
export function patternSource(size: number, seed = 1): PullSource {
  const pattern = new Pattern(seed);
  let offset = 0;
  return {
    pull(buffer) {
      const bytes = Math.min(buffer.byteLength, size - offset);
      pattern.fill(buffer.subarray(0, bytes), offset);
      offset += bytes;
      return bytes;
    },
    close: () => undefined,
  };
}

/** `size` bytes of the pattern as an iterable of chunks. */
export function* patternChunks(size: number, options: PatternStreamOptions = {}): Generator<Buffer, void, undefined> {
  const { seed = 1, chunkBytes = DEFAULT_CHUNK_BYTES } = options;
  const pattern = new Pattern(seed);
  for (let offset = 0; offset < size; offset += chunkBytes) {
    yield pattern.bytes(Math.min(chunkBytes, size - offset), offset);
  }
}

/** `size` bytes of the pattern as a Node.js Readable in byte mode. */
export function patternReadable(size: number, options: PatternStreamOptions = {}): Readable {
  return Readable.from(patternChunks(size, options), { objectMode: false });
}
