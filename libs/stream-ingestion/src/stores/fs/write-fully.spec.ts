import type { FileHandle } from 'node:fs/promises';

import fc from 'fast-check';

import { writeFully } from './write-fully.js';

/** A file that takes only so many bytes at once, as the system may do at any time. */
function stingyFile(takenAtOnce: () => number): {
  handle: FileHandle;
  written: () => Buffer;
  mostBuffers: () => number;
} {
  const parts: Buffer[] = [];
  let length = 0;
  let mostBuffers = 0;
  const take = (bytes: Buffer, position: number): { bytesWritten: number } => {
    expect(position).toBe(length);
    const part = Buffer.from(bytes.subarray(0, takenAtOnce()));
    parts.push(part);
    length += part.byteLength;
    return { bytesWritten: part.byteLength };
  };
  const handle = {
    write: (chunk: Buffer, offset: number, bytes: number, position: number) =>
      Promise.resolve(take(chunk.subarray(offset, offset + bytes), position)),
    writev(chunks: Buffer[], position: number) {
      mostBuffers = Math.max(mostBuffers, chunks.length);
      return Promise.resolve(take(Buffer.concat(chunks), position));
    },
  };
  return {
    handle: handle as unknown as FileHandle,
    written: () => Buffer.concat(parts),
    mostBuffers: () => mostBuffers,
  };
}

const { signal } = new AbortController();

describe('writing fully', () => {
  it('goes on after short writes, wherever they end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 20 }),
        async (chunks, sizes) => {
          let call = 0;
          const file = stingyFile(() => sizes[call++ % sizes.length] ?? 1);
          const expected = Buffer.concat(chunks);
          expect(await writeFully(file.handle, chunks, 0, signal)).toBe(expected.byteLength);
          expect(file.written().equals(expected)).toBe(true);
        },
      ),
    );
  });

  it('never hands over more buffers than the system takes', async () => {
    const file = stingyFile(() => Number.MAX_SAFE_INTEGER);
    const chunks = Array.from({ length: 2500 }, (_, index) => Buffer.from([index % 256]));
    expect(await writeFully(file.handle, chunks, 0, signal)).toBe(2500);
    expect(file.written().equals(Buffer.concat(chunks))).toBe(true);
    expect(file.mostBuffers()).toBe(1024);
  });

  it('stops between two calls when the signal fires', async () => {
    const abort = new AbortController();
    const file = stingyFile(() => {
      abort.abort();
      return 3;
    });
    await expect(writeFully(file.handle, [Buffer.alloc(10)], 0, abort.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(file.written().byteLength).toBe(3);
  });

  it('does not spin where no byte is taken', async () => {
    await expect(writeFully(stingyFile(() => 0).handle, [Buffer.alloc(10)], 0, signal)).rejects.toThrow('no byte');
  });
});
