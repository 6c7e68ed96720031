import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

import * as fc from 'fast-check';

import type { ByteRange, ByteSource, PullSource } from '../../contracts/index.js';
import { frameRanges, multipartLength } from './multipart-byteranges.js';
import { MultipartSource } from './multipart-source.js';

const content = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');
const never = new AbortController().signal;

const pieces = ({ start, end }: ByteRange, size: number): Buffer[] => {
  const result: Buffer[] = [];
  for (let at = start; at <= end; at += size) result.push(content.subarray(at, Math.min(at + size, end + 1)));
  return result;
};

async function* asyncPieces(range: ByteRange, size: number): AsyncGenerator<Buffer> {
  for (const piece of pieces(range, size)) yield await Promise.resolve(piece);
}

function pullPieces(range: ByteRange, size: number): PullSource {
  const queue = pieces(range, size);
  return {
    pull: (buffer) => {
      const [piece] = queue;
      if (piece === undefined) return 0;
      const bytes = piece.copy(buffer);
      if (bytes < piece.byteLength) queue[0] = piece.subarray(bytes);
      else queue.shift();
      return bytes;
    },
    close: () => undefined,
  };
}

const KINDS: Readonly<Record<string, (range: ByteRange, size: number) => ByteSource>> = {
  'pull source': pullPieces,
  Readable: (range, size) => Readable.from(pieces(range, size)),
  'web stream': (range, size) => ReadableStream.from(asyncPieces(range, size)) as ReadableStream<Uint8Array>,
  'async iterable': asyncPieces,
  iterable: pieces,
};

async function drain(source: MultipartSource, bufferBytes: number): Promise<string> {
  let text = '';
  for (;;) {
    const buffer = Buffer.alloc(bufferBytes);
    const bytes = await source.pull(buffer, never);
    if (bytes === 0) return text;
    text += buffer.toString('latin1', 0, bytes);
  }
}

const ranges: ByteRange[] = [
  { start: 30, end: 35 },
  { start: 0, end: 9 },
];

describe('MultipartSource', () => {
  it.each(Object.keys(KINDS))('strings the parts together, read from a %s', async (kind) => {
    const body = frameRanges(ranges, 36, 'text/plain', 'B');
    const open = (range: ByteRange): Promise<ByteSource> => Promise.resolve(KINDS[kind]?.(range, 4) ?? []);
    const text = await drain(await MultipartSource.open(body, open, never), 1024);
    expect(text).toBe(
      '--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 30-35/36\r\n\r\nuvwxyz' +
        '\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-9/36\r\n\r\n0123456789' +
        '\r\n--B--\r\n',
    );
    expect(text).toHaveLength(multipartLength(body));
  });

  it('gives the same bytes whatever the buffers and the chunks', async () => {
    const body = frameRanges(ranges, 36, 'text/plain', 'B');
    const sizes = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(KINDS)), sizes, sizes, async (kind, chunk, buffer) => {
        const open = (range: ByteRange): Promise<ByteSource> => Promise.resolve(kind(range, chunk));
        const text = await drain(await MultipartSource.open(body, open, never), buffer);
        expect(text).toHaveLength(multipartLength(body));
        expect(text.match(/\r\n\r\n[^\r]*/g)).toEqual(['\r\n\r\nuvwxyz', '\r\n\r\n0123456789']);
      }),
      { numRuns: 100 },
    );
  });

  it.each(Object.keys(KINDS))('fails where a %s ends before its range', async (kind) => {
    const body = frameRanges(ranges, 36, 'text/plain', 'B');
    const open = ({ start, end }: ByteRange): Promise<ByteSource> =>
      Promise.resolve(KINDS[kind]?.({ start, end: end - 1 }, 4) ?? []);
    const draining = drain(await MultipartSource.open(body, open, never), 1024);
    await expect(draining).rejects.toMatchObject({ code: 'LENGTH_MISMATCH', context: { missing: 1 } });
  });

  it.each(Object.keys(KINDS))('takes no more from a %s than its range', async (kind) => {
    const body = frameRanges(ranges, 36, 'text/plain', 'B');
    const open = ({ start }: ByteRange): Promise<ByteSource> =>
      Promise.resolve(KINDS[kind]?.({ start, end: 35 }, 50) ?? []);
    expect(await drain(await MultipartSource.open(body, open, never), 1024)).toHaveLength(multipartLength(body));
  });

  it('opens one reading at a time and closes each once', async () => {
    const events: string[] = [];
    const open = (range: ByteRange): Promise<ByteSource> => {
      events.push(`open ${range.start}`);
      const close = (): void => void events.push(`close ${range.start}`);
      return Promise.resolve({ ...pullPieces(range, 3), close });
    };
    const source = await MultipartSource.open(frameRanges(ranges, 36, 'text/plain', 'B'), open, never);
    expect(events).toEqual(['open 30']);
    await drain(source, 1024);
    await source.close();
    expect(events).toEqual(['open 30', 'close 30', 'open 0', 'close 0']);
  });

  it('closes the reading that is open when it is closed itself', async () => {
    const readable = Readable.from(pieces({ start: 0, end: 35 }, 4));
    const open = (): Promise<ByteSource> => Promise.resolve(readable);
    const source = await MultipartSource.open(frameRanges(ranges, 36, 'text/plain', 'B'), open, never);
    await source.close();
    expect(readable.destroyed).toBe(true);
  });

  it('lets go of a stalled stream when the signal fires', async () => {
    const stalled = new Readable({ read: () => undefined });
    const open = (): Promise<ByteSource> => Promise.resolve(stalled);
    const source = await MultipartSource.open(frameRanges(ranges, 36, 'text/plain', 'B'), open, never);
    const controller = new AbortController();
    const pulling = source.pull(Buffer.alloc(1024), controller.signal);
    setImmediate(() => controller.abort());
    await expect(pulling).rejects.toThrow();
    expect(stalled.destroyed).toBe(true);
  });
});
