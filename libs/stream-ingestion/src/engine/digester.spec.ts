import { createDigester } from './digester.js';

describe('createDigester', () => {
  it('computes every algorithm in one pass, over any chunking', async () => {
    const digester = await createDigester(['sha256', 'sha512', 'sha384', 'sha1', 'md5', 'crc32', 'crc32c']);
    for (const chunk of ['12', '345', '', '6789']) digester.update(Buffer.from(chunk));

    // "123456789" is the check input of the CRC catalogue; the hashes are those of coreutils.
    expect(digester.digests()).toEqual({
      sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      sha512:
        'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
      sha384: 'eb455d56d2c1a69de64e832011f3393d45f3fa31d6842f21af92d2fe469c499da5e3179847334a18479c8d1dedea1be3',
      sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
      md5: '25f9e794323b453885f5181f1b624d0b',
      crc32: 'cbf43926',
      crc32c: 'e3069283',
    });
  });

  it('gives the digest of nothing for no bytes', async () => {
    expect((await createDigester(['crc32', 'md5'])).digests()).toEqual({
      crc32: '00000000',
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
    });
  });

  it('refuses an unknown algorithm and names the known ones', async () => {
    await expect(createDigester(['sha3' as 'sha256'])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'unknown digest algorithm "sha3"; allowed: sha256, sha512, sha384, sha1, md5, crc32, crc32c',
    });
  });
});
