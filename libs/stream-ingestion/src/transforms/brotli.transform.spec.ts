import { brotliDecompressSync } from 'node:zlib';

import { brotliCompress, brotliDecompress } from './brotli.transform.js';
import { cut, drive, sampleBytes, thrownBy } from './spec-support/drive-transform.js';

describe('brotliCompress', () => {
  it('writes what others read', async () => {
    const bytes = sampleBytes(200_000);
    const packed = await drive(brotliCompress(), cut(bytes, [10_000]));
    expect(packed.bytes.byteLength).toBeLessThan(bytes.byteLength);
    expect(brotliDecompressSync(packed.bytes).equals(bytes)).toBe(true);
  });

  it('compresses at the quality it was given', async () => {
    const size = async (quality: number): Promise<number> =>
      (await drive(brotliCompress({ quality }), [sampleBytes(100_000)])).bytes.byteLength;
    expect(await size(11)).toBeLessThan(await size(0));
  });

  it('uses the window it was given: the first bits say so (RFC 7932, 9.1)', async () => {
    const firstByte = async (windowBits?: number): Promise<number> =>
      (await drive(brotliCompress(windowBits === undefined ? {} : { windowBits }), [sampleBytes(100)])).bytes[0] ?? 0;
    expect((await firstByte(16)) & 0b1).toBe(0);
    expect((await firstByte(24)) & 0b1111).toBe(0b1111);
    expect((await firstByte()) & 0b1111).toBe(0b1011);
  });

  it.each([
    [{ quality: 12 }, 'brotliCompress: quality must be an integer from 0 to 11, got 12'],
    [{ windowBits: 9 }, 'brotliCompress: windowBits must be an integer from 10 to 24, got 9'],
    [{ windowBits: 25 }, 'brotliCompress: windowBits must be an integer from 10 to 24, got 25'],
  ])('refuses %j', (options, message) => {
    expect(thrownBy(() => brotliCompress(options))).toMatchObject({ code: 'INVALID_OPTION', message });
  });
});

describe('brotliDecompress', () => {
  it.each([
    ['0b028068656c6c6f03', 'hello'],
    ['06', ''],
  ])('reads %s', async (hex, text) => {
    const { bytes } = await drive(brotliDecompress(), cut(Buffer.from(hex, 'hex'), [1]));
    expect(bytes.toString()).toBe(text);
  });
});
