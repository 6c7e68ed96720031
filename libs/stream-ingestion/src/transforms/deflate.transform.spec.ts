import { deflateRawSync, inflateSync } from 'node:zlib';

import { deflate, inflate } from './deflate.transform.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';

// RFC 1950: two header bytes, one stored block "hello" (RFC 1951, 3.2.4), Adler-32.
const HELLO = '7801' + '010500faff68656c6c6f' + '062c0215';

describe('deflate', () => {
  it('writes the zlib format', async () => {
    const bytes = sampleBytes(100_000);
    const packed = await drive(deflate(), cut(bytes, [10_000]));
    expect(packed.bytes[0]).toBe(0x78);
    expect(inflateSync(packed.bytes).equals(bytes)).toBe(true);
  });

  it('compresses at the level it was given', async () => {
    const stored = await drive(deflate({ level: 0 }), [Buffer.from('hello')]);
    expect(stored.bytes.toString('hex')).toBe(HELLO);
  });

  it('refuses a level out of its bounds', () => {
    expect(thrownBy(() => deflate({ level: 10 }))).toMatchObject({
      code: 'INVALID_OPTION',
      message: 'deflate: level must be an integer from 0 to 9, got 10',
    });
  });
});

describe('inflate', () => {
  it('reads the zlib format', async () => {
    const { bytes } = await drive(inflate(), cut(Buffer.from(HELLO, 'hex'), [1]));
    expect(bytes.toString()).toBe('hello');
  });

  it('fails for a damaged check value', async () => {
    const damaged = Buffer.from(HELLO.slice(0, -2) + '16', 'hex');
    expect(await failureOf(drive(inflate(), [damaged]))).toMatchObject({ code: 'MALFORMED_INPUT' });
  });

  it('fails for bare deflate data', async () => {
    expect(await failureOf(drive(inflate(), [deflateRawSync('hello')]))).toMatchObject({ code: 'MALFORMED_INPUT' });
  });
});
