import { formatReprDigest, parseDigestField, parseWantDigest } from './digest-fields.js';

// Digests of RFC 9530, appendices B and D: {"hello": "world"} and a line feed.
const SHA256 = 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:';
const SHA256_HEX = '44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38';

describe('parseDigestField', () => {
  it('reads the algorithms that are registered', () => {
    const crc = 'crc32c=:Cr//oQ==:';
    expect(parseDigestField('Repr-Digest', `${SHA256}, ${crc}, md5=:1B2M2Y8AsgTpgAmY7PhCfg==:`)).toEqual({
      sha256: SHA256_HEX,
      crc32c: '0abfffa1',
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
    });
    expect(parseDigestField('Repr-Digest', 'sha=:2jmj7l5rSw0yVb/vlWAYkK/YBwk=:')).toEqual({
      sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    });
  });

  it('ignores unknown algorithms and parameters', () => {
    expect(parseDigestField('Repr-Digest', `unixsum=:AAA=:, sha-999=5, ${SHA256};x=1`)).toEqual({ sha256: SHA256_HEX });
    expect(parseDigestField('Repr-Digest', '')).toEqual({});
  });

  it.each([
    'sha-256',
    'sha-256=abc',
    'sha-256="RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="',
    'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=',
    'sha-256=:!!!!:',
    'sha-256=:AAAA:',
    'sha-256=::',
    'sha-256=(:AAAA:)',
    'SHA-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    `${SHA256},`,
    `${SHA256} x`,
  ])('refuses %s', (value) => {
    expect(() => parseDigestField('repr-digest', value)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_INPUT', context: { field: 'repr-digest' } }) as Error,
    );
  });
});

describe('formatReprDigest', () => {
  it('writes the active algorithms, and others where asked', () => {
    const digests = { sha256: SHA256_HEX, crc32c: '0abfffa1', crc32: '00000000' };
    expect(formatReprDigest(digests)).toBe(SHA256);
    expect(formatReprDigest(digests, ['crc32c', 'sha256', 'crc32'])).toBe(`${SHA256}, crc32c=:Cr//oQ==:`);
    expect(formatReprDigest({ md5: 'd41d8cd98f00b204e9800998ecf8427e' })).toBeUndefined();
    expect(formatReprDigest({})).toBeUndefined();
  });
});

describe('parseWantDigest', () => {
  it('orders by preference', () => {
    expect(parseWantDigest('sha-512=3, sha-256=10, md5=0, unknown=9')).toEqual({
      preferred: ['sha256', 'sha512'],
      refused: ['md5'],
    });
    expect(parseWantDigest('unknown=9')).toEqual({ preferred: [], refused: [] });
  });

  it.each(['sha-256', 'sha-256=11', 'sha-256=-1', 'sha-256=1.5', 'sha-256=:AAAA:', '=', 'sha-256=1,'])(
    'ignores %s as a whole',
    (value) => {
      expect(parseWantDigest(value)).toBeUndefined();
    },
  );
});
