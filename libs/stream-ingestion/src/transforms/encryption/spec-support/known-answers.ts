// Made with another implementation (HKDF and AESGCM of the Python package "cryptography") from the documented format.
// Master key 00 01 … 1f, segments of 64 bytes.
export const MASTER_KEY = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
export const SALT = Buffer.from('a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf', 'hex');
export const NONCE_PREFIX = Buffer.from('f0f1f2f3f4f5f6', 'hex');
export const KEY_ID = 'k1';
export const SEGMENT_BYTES = 64;

export const HEADER = [
  '4e534945', // magic
  '01', // version
  '01', // suite
  '00000040', // segment size
  '02', // length of the key id
  '6b31', // key id
  'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf', // salt
  'f0f1f2f3f4f5f6', // nonce prefix
  '5a89fd7eabdc04568276538e6af874a8a5a31e5e4e86025993459584e6413662', // commitment
].join('');

const FIRST_OF_MANY =
  'fd48834d4445cf5cd72b5f66d403130ff02e93b36ad3a167c9844036d2f384e30832a89e2dc188fe5db40b908494186b' +
  '6d8a221ba35168ba2d8f546155fd1174' +
  'ed0dd968b5d4cabd8760a4a0a7b0eea4';

export interface KnownAnswer {
  readonly name: string;
  readonly plaintext: Buffer;
  /** Hexadecimal, without the header; each with its tag. */
  readonly segments: readonly string[];
}

/** Bytes 00, 01, 02 … */
const counting = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => index));

export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  { name: 'nothing', plaintext: Buffer.alloc(0), segments: ['0225207448cab00a0cc8f2b27f0f9cba'] },
  {
    name: 'one short segment',
    plaintext: Buffer.from('hello'),
    segments: ['5bbc40deb9' + 'cd33932f0b95cb63e486879828260a53'],
  },
  {
    name: 'one full segment',
    plaintext: counting(64),
    segments: [
      '33d82eb1d2e81f5d9ab278d775669c72db304075b6dc0aa1cdd68f1ed140a151eacf59003662f8efa412621a1d048d1f' +
        '622ff73fef1fa97a34cc0d43b870fb46' +
        '5b35da344c080bf8d40b7dd1c28d6dba',
    ],
  },
  {
    name: 'two full segments',
    plaintext: counting(128),
    segments: [
      FIRST_OF_MANY,
      '5900e9db29c856624f6951261ca25b9ab855ad14b9e5e8a718e34ef066ba4cb7d9c965106b9043b71f06ff38a4450831' +
        '2aa42de730a3e86a0a861e24b0fe5389' +
        '589fd08106294d01cd16f903f9fe3b42',
    ],
  },
  {
    name: 'three segments',
    plaintext: counting(133),
    segments: [
      FIRST_OF_MANY,
      '0ba77a1c7ff6331b36d0053a8328b1c5a4490c396dcc75fbda77145b37fec30e15f492d9b4166b8ec4f3adae6ba7ee42' +
        '644138d76d6ddfa3277bc4a1f5f4af1d' +
        'fcb3b7993d612842bda0676cc2d4e3c6',
      '240eb1ea66' + '409963286d21f55b8f6845aea337055f',
    ],
  },
];

/** The whole ciphertext of a known answer. */
export function ciphertextOf({ segments }: KnownAnswer): Buffer {
  return Buffer.from(HEADER + segments.join(''), 'hex');
}
