import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { CollectingWritable, Pattern, patternChunks, patternDigest, patternReadable, patternSource } from '../index.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('pattern', () => {
  it('is the same on every run and machine', () => {
    expect(new Pattern(1).bytes(8).toString('hex')).toBe('22ae5ea20f68c084');
    expect(patternDigest(3_000_000)).toBe('3bb04fde4eafdf8e666ea04b05518b7676da251afb3b65309ca554fd3a9d6890');
  });

  it('is a function of the offset, wherever a reading starts and however it is cut', () => {
    const whole = new Pattern(7).bytes(2_200_000);
    fc.assert(
      fc.property(fc.nat(2_199_999), fc.nat(3_000), (offset, size) => {
        const bytes = Math.min(size, whole.byteLength - offset);
        expect(new Pattern(7).bytes(bytes, offset).equals(whole.subarray(offset, offset + bytes))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('differs from seed to seed and from one MiB to the next', () => {
    const digests = [0, 1, 2, 3, -1, 1 << 20].map((seed) => sha256(new Pattern(seed).bytes(100)));
    expect(new Set(digests).size).toBe(6);
    const mebibytes = [0, 1, 2, 3].map((index) => sha256(new Pattern(1).bytes(1000, index * 1024 * 1024)));
    expect(new Set(mebibytes).size).toBe(4);
  });

  it.each([0, 1, 65_535, 65_536, 65_537, 1_500_000])('gives %p bytes in every form', async (size) => {
    const expected = patternDigest(size, 3);
    const readable = patternReadable(size, { seed: 3, chunkBytes: 10_007 });
    const destination = new CollectingWritable();
    for await (const chunk of readable) destination.write(chunk);
    expect(sha256(destination.bytes)).toBe(expected);

    const iterated = Buffer.concat([...patternChunks(size, { seed: 3 })]);
    expect(sha256(iterated)).toBe(expected);

    const source = patternSource(size, 3);
    const buffer = Buffer.alloc(9_999);
    const hash = createHash('sha256');
    const { signal } = new AbortController();
    for (let bytes = 1; bytes > 0;) {
      bytes = await source.pull(buffer, signal);
      hash.update(buffer.subarray(0, bytes));
    }
    expect(hash.digest('hex')).toBe(expected);
  });
});
