import { createHash } from 'node:crypto';

import fc from 'fast-check';

import type { DigestAlgorithm } from '../contracts/index.js';
import { digest } from './digest.transform.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';

const ABC_SHA256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('digest', () => {
  it.each<[DigestAlgorithm, string, string]>([
    ['sha256', 'abc', ABC_SHA256],
    [
      'sha512',
      'abc',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
    [
      'sha384',
      'abc',
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    ],
    ['sha1', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['md5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['crc32', '123456789', 'cbf43926'],
    ['crc32c', '123456789', 'e3069283'],
  ])('knows %s', async (algorithm, text, value) => {
    const transform = digest(algorithm);
    const { bytes } = await drive(transform, cut(Buffer.from(text), [2]));
    expect(bytes.toString()).toBe(text);
    expect(transform.result?.()).toEqual({ digests: { [algorithm]: value } });
  });

  it('computes several in one pass, whatever the chunks', async () => {
    const bytes = sampleBytes(3000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const md5 = createHash('md5').update(bytes).digest('hex');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: 5 }), async (sizes) => {
        const transform = digest('sha256', 'md5', 'sha256');
        const driven = await drive(transform, cut(bytes, sizes));
        expect(driven.bytes.equals(bytes)).toBe(true);
        expect(transform.result?.()).toEqual({ digests: { sha256, md5 } });
      }),
    );
  });

  it('has the digest of nothing for an empty stream', async () => {
    const transform = digest('md5');
    await drive(transform, []);
    expect(transform.result?.()).toEqual({ digests: { md5: 'd41d8cd98f00b204e9800998ecf8427e' } });
  });

  it('accepts the expected digest in either case, and reports it beside the others', async () => {
    const transform = digest({ algorithms: ['crc32'], expected: { sha256: ABC_SHA256.toUpperCase() } });
    await drive(transform, [Buffer.from('abc')]);
    expect(transform.result?.()).toEqual({ digests: { crc32: '352441c2', sha256: ABC_SHA256 } });
  });

  it('fails after the last byte where an expected digest does not hold', async () => {
    const transform = digest({ expected: { sha256: ABC_SHA256 } });
    expect(await failureOf(drive(transform, [Buffer.from('abcd')]))).toMatchObject({
      code: 'DIGEST_MISMATCH',
      retry: 'never',
      context: {
        algorithm: 'sha256',
        expected: ABC_SHA256,
        actual: '88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589',
      },
    });
  });

  it.each([
    ['no algorithm', () => digest({}), /algorithms must be one algorithm or more/],
    ['an unknown one', () => digest('sha3' as 'sha256'), /algorithms must be among sha256, .*, got "sha3"/],
    ['an unknown expected one', () => digest({ expected: { x: 'y' } as object }), /expected must be among/],
    ['a value too short', () => digest({ expected: { crc32: 'abc' } }), /expected.crc32 must be 8 hexadecimal digits/],
    ['a value not hexadecimal', () => digest({ expected: { crc32: 'abcdefgh' } }), /8 hexadecimal digits/],
  ])('refuses %s', (_what, create, message) => {
    expect(thrownBy(create)).toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message) as string,
    });
  });
});
