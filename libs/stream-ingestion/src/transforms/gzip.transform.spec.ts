import { gunzipSync, gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { gunzip, gzip } from './gzip.transform.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';

// RFC 1952: a header without optional fields, one stored block "hello" (RFC 1951, 3.2.4), CRC-32 and length.
const HELLO = '1f8b08000000000000ff' + '010500faff68656c6c6f' + '86a6103605000000';
// The same with FEXTRA ("AB", two bytes), FNAME "n", FCOMMENT "c".
const HELLO_WITH_FIELDS = '1f8b081c0000000000ff' + '060041420200beef' + '6e00' + '6300' + HELLO.slice(20);

describe('gzip', () => {
  it('writes a member that others read', async () => {
    const bytes = sampleBytes(200_000);
    const packed = await drive(gzip(), cut(bytes, [10_000]));
    expect(packed.bytes.subarray(0, 3).toString('hex')).toBe('1f8b08');
    expect(packed.bytes.byteLength).toBeLessThan(bytes.byteLength);
    expect(gunzipSync(packed.bytes).equals(bytes)).toBe(true);
  });

  it('compresses at the level it was given: the header says so (RFC 1952, 2.3.1, XFL)', async () => {
    const extraFlags = async (level: number): Promise<number | undefined> =>
      (await drive(gzip({ level }), [Buffer.from('a')])).bytes[8];
    expect([await extraFlags(1), await extraFlags(6), await extraFlags(9)]).toEqual([4, 0, 2]);
    const stored = await drive(gzip({ level: 0 }), [Buffer.alloc(10_000)]);
    expect(stored.bytes.byteLength).toBeGreaterThan(10_000);
  });

  it.each([-1, 10, 1.5])('refuses level %p', (level) => {
    expect(thrownBy(() => gzip({ level }))).toMatchObject({
      code: 'INVALID_OPTION',
      message: `gzip: level must be an integer from 0 to 9, got ${level}`,
    });
  });
});

describe('gunzip', () => {
  it.each([HELLO, HELLO_WITH_FIELDS])('reads %s', async (hex) => {
    const { bytes } = await drive(gunzip(), cut(Buffer.from(hex, 'hex'), [1]));
    expect(bytes.toString()).toBe('hello');
  });

  it('reads members one after the other, empty ones too (RFC 1952, 2.2), whatever the chunks', async () => {
    const parts = [sampleBytes(100_000, 1), Buffer.alloc(0), sampleBytes(70_000, 2), Buffer.from('end')];
    const packed = Buffer.concat(parts.map((part) => gzipSync(part)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 5 }), async (sizes) => {
        const { bytes } = await drive(gunzip(), cut(packed, sizes));
        expect(bytes.equals(Buffer.concat(parts))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('fails for a second member that is cut short, at every position but the boundary', async () => {
    const first = Buffer.from(HELLO, 'hex');
    for (let length = 1; length < first.byteLength; length += 1) {
      const input = Buffer.concat([first, first.subarray(0, length)]);
      expect(await failureOf(drive(gunzip(), [input]))).toMatchObject({ code: 'MALFORMED_INPUT' });
    }
  });

  it.each([
    ['check value', 20],
    ['length', 24],
    ['data', 16],
    ['block type', 10],
    ['compression method', 2],
  ])('fails for a damaged %s', async (_what, at) => {
    const damaged = Buffer.from(HELLO, 'hex');
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    expect(await failureOf(drive(gunzip(), [damaged]))).toMatchObject({
      code: 'MALFORMED_INPUT',
      message: 'gunzip: the input is damaged, or of another format',
    });
  });
});
