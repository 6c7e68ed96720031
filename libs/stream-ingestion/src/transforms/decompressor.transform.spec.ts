import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { brotliCompress, brotliDecompress } from './brotli.transform.js';
import { deflate, inflate } from './deflate.transform.js';
import { gunzip, gzip } from './gzip.transform.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';

const MIB = 1024 * 1024;

const SAMPLE = sampleBytes(500_000);

const CODECS = [
  { name: 'gzip', compress: gzip, decompress: gunzip, compressSync: (bytes: Buffer) => gzipSync(bytes) },
  { name: 'deflate', compress: deflate, decompress: inflate, compressSync: (bytes: Buffer) => deflateSync(bytes) },
  {
    name: 'brotli',
    compress: brotliCompress,
    decompress: brotliDecompress,
    compressSync: (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  },
];

describe.each(CODECS)('$name', ({ compress, decompress, compressSync }) => {
  const text = Buffer.from('the quick brown fox jumps over the lazy dog, the quick brown fox jumps again');
  const packedText = compressSync(text);
  // Not by the hundred thousand: a few bytes at a time have a test of their own.
  const sizesOfChunks = fc.array(fc.integer({ min: 500, max: 150_000 }), { maxLength: 6 });

  it('round-trips bytes of any length in chunks of any size', async () => {
    const length = fc.oneof(fc.nat(300), fc.nat(400_000), fc.constantFrom(65_535, 65_536, 65_537, 131_072));
    await fc.assert(
      fc.asyncProperty(
        length,
        fc.nat(100_000),
        sizesOfChunks,
        sizesOfChunks,
        async (size, from, plainSizes, packedSizes) => {
          const bytes = SAMPLE.subarray(from, from + size);
          const packed = await drive(compress(), cut(bytes, plainSizes));
          const unpacked = await drive(decompress(), cut(packed.bytes, packedSizes));
          expect(unpacked.bytes.equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('round-trips in chunks of a single byte', async () => {
    const packed = await drive(compress(), cut(text, [1]));
    const { bytes } = await drive(decompress(), cut(packed.bytes, [1]));
    expect(bytes.toString()).toBe(text.toString());
  });

  it('round-trips nothing', async () => {
    const packed = await drive(compress(), []);
    expect(packed.bytes.byteLength).toBeGreaterThan(0);
    await expect(drive(decompress(), [packed.bytes])).resolves.toMatchObject({ pieces: [] });
  });

  it('fails for an input that is cut short, at every position', async () => {
    for (let length = 0; length < packedText.byteLength; length += 1) {
      expect(await failureOf(drive(decompress(), cut(packedText.subarray(0, length), [7])))).toMatchObject({
        code: 'MALFORMED_INPUT',
        retry: 'never',
        message: expect.stringMatching(/the input ends before the compressed data does$/) as string,
        context: { inputBytes: length },
      });
    }
  });

  it.each([
    ['zeros', Buffer.alloc(3)],
    ['one zero', Buffer.alloc(1)],
    ['text', Buffer.from('junk')],
    ['what begins like another member', Buffer.from([0x1f, 0x8b, 0x08])],
  ])('fails for %s after the end, in the same chunk, another one, or one by one', async (_what, junk) => {
    const withJunk = Buffer.concat([packedText, junk]);
    for (const sizes of [[], [packedText.byteLength, junk.byteLength], [1]]) {
      expect(await failureOf(drive(decompress(), cut(withJunk, sizes)))).toMatchObject({ code: 'MALFORMED_INPUT' });
    }
  });

  it('fails for what was never compressed, keeping the cause', async () => {
    expect(await failureOf(drive(decompress(), [Buffer.from('{"compressed": false}')]))).toMatchObject({
      code: 'MALFORMED_INPUT',
      cause: { code: expect.any(String) as string },
    });
  });

  describe('given a bomb of 64 MiB', () => {
    const bomb = compressSync(Buffer.alloc(64 * MIB));

    async function explode(options: Parameters<typeof decompress>[0]): Promise<{ error: unknown; emitted: number }> {
      let emitted = 0;
      const transform = decompress(options);
      const { signal } = new AbortController();
      const emit = (piece: Uint8Array): void => {
        emitted += piece.byteLength;
        expect(piece.byteLength).toBeLessThanOrEqual(131_072);
      };
      const run = async (): Promise<void> => {
        await transform.transform(bomb, emit, signal);
        await transform.flush?.(emit, signal);
      };
      const error = await run().catch((reason: unknown) => reason);
      transform.destroy?.();
      return { error, emitted };
    }

    it('stops by its ratio after 8 MiB, where nothing is said', async () => {
      const { error, emitted } = await explode(undefined);
      expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', context: { limit: 'maxRatio', maxRatio: 200 } });
      expect(emitted).toBeLessThanOrEqual(Math.max(8 * MIB, bomb.byteLength * 200));
    });

    it('stops by its ratio above the floor that was given', async () => {
      const { error, emitted } = await explode({ maxRatio: 10, ratioFloorBytes: MIB });
      expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', context: { limit: 'maxRatio', maxRatio: 10 } });
      expect(emitted).toBeGreaterThan(MIB - 131_072);
      expect(emitted).toBeLessThanOrEqual(MIB);
    });

    it('never hands on more than the output limit', async () => {
      const { error, emitted } = await explode({ maxOutputBytes: 2 * MIB });
      expect(error).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        retry: 'never',
        message: expect.stringMatching(/: more than 2097152 bytes come out$/) as string,
        context: { limit: 'maxOutputBytes', maxOutputBytes: 2_097_152 },
      });
      expect(emitted).toBeGreaterThan(2 * MIB - 131_072);
      expect(emitted).toBeLessThanOrEqual(2 * MIB);
    });

    it('lets it through where any ratio is allowed, and exactly so many bytes', async () => {
      const { error, emitted } = await explode({ maxRatio: Infinity, maxOutputBytes: 64 * MIB });
      expect(error).toBeUndefined();
      expect(emitted).toBe(64 * MIB);
    });
  });

  it('lets small files through whatever their ratio', async () => {
    const { bytes } = await drive(decompress(), [compressSync(Buffer.alloc(4 * MIB))]);
    expect(bytes.equals(Buffer.alloc(4 * MIB))).toBe(true);
  });

  it('passes on what fails behind it, as it is', async () => {
    const broken = Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    const transform = decompress();
    const running = transform.transform(packedText, () => Promise.reject(broken), new AbortController().signal);
    expect(await failureOf(running)).toBe(broken);
    transform.destroy?.();
  });

  it.each([
    [{ maxOutputBytes: -1 }, /maxOutputBytes must be an integer of 0 or more, got -1$/],
    [{ maxRatio: 0.5 }, /maxRatio must be a number of 1 or more, got 0.5$/],
    [{ maxRatio: Number.NaN }, /maxRatio must be a number of 1 or more, got NaN$/],
    [{ ratioFloorBytes: 1.5 }, /ratioFloorBytes must be an integer of 0 or more, got 1.5$/],
  ])('refuses %j', (options, message) => {
    expect(thrownBy(() => decompress(options))).toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message) as string,
    });
  });
});
