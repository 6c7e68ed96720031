import type { FileHandle } from 'node:fs/promises';

import { throwIfAborted } from '../../store-kit/index.js';

// POSIX IOV_MAX as Linux and macOS have it: more buffers than that are refused.
const MAX_BUFFERS = 1024;

/**
 * Writes all chunks from `position` on, however little the system takes at once.
 *
 * @returns how many bytes that were.
 * @throws ABORTED between two system calls where the signal has fired.
 */
export async function writeFully(
  handle: FileHandle,
  chunks: readonly Uint8Array[],
  position: number,
  signal: AbortSignal,
): Promise<number> {
  let at = position;
  let remaining = chunks.filter((chunk) => chunk.byteLength > 0);
  while (remaining.length > 0) {
    throwIfAborted(signal, 'fs.write');
    const [first] = remaining;
    const bytes =
      remaining.length === 1 && first !== undefined
        ? (await handle.write(first, 0, first.byteLength, at)).bytesWritten
        : (await handle.writev(remaining.slice(0, MAX_BUFFERS), at)).bytesWritten;
    if (bytes === 0) throw new Error('the file system took no byte');
    at += bytes;
    remaining = withoutFirst(remaining, bytes);
  }
  return at - position;
}

function withoutFirst(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = 0;
  let index = 0;
  for (; index < chunks.length; index += 1) {
    const length = chunks[index]?.byteLength ?? 0;
    if (skipped + length > bytes) break;
    skipped += length;
  }
  const rest = chunks.slice(index);
  const [first] = rest;
  if (first !== undefined && bytes > skipped) rest[0] = first.subarray(bytes - skipped);
  return rest;
}
