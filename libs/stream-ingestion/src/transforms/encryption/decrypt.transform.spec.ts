import { randomBytes } from 'node:crypto';

import type { ByteTransform } from '../../contracts/index.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from '../spec-support/drive-transform.js';
import { decrypt, type DecryptOptions } from './decrypt.transform.js';
import { encrypt } from './encrypt.transform.js';
import { keyRing } from './key-ring.js';

const SEGMENT_BYTES = 64;
const SEALED_BYTES = 80;
/** With the key id "k1". */
const HEADER_BYTES = 84;

const key = randomBytes(32);
const keyProvider = keyRing({ current: 'k1', keys: { k1: key } });
const plaintext = sampleBytes(3 * SEGMENT_BYTES + 10);
const signal = new AbortController().signal;

async function sealed(bytes: Uint8Array = plaintext): Promise<Buffer> {
  return (await drive(encrypt({ keyProvider, segmentBytes: SEGMENT_BYTES }), [bytes])).bytes;
}

/** What comes out before it fails, and with what. */
async function refusal(input: Uint8Array, transform: ByteTransform = decrypt({ keyProvider }), chunks: number[] = []) {
  const released: Buffer[] = [];
  const emit = (piece: Uint8Array): void => void released.push(Buffer.from(piece));
  const run = async (): Promise<void> => {
    for (const chunk of cut(input, chunks)) await transform.transform(chunk, emit, signal);
    await transform.flush?.(emit, signal);
  };
  const error = (await failureOf(run())) as Error & { code: string };
  return { code: error.code, message: error.message, released: Buffer.concat(released) };
}

function segmentsOf(ciphertext: Buffer): [Buffer, ...Buffer[]] {
  return [ciphertext.subarray(0, HEADER_BYTES), ...cut(ciphertext.subarray(HEADER_BYTES), [SEALED_BYTES])] as [
    Buffer,
    ...Buffer[],
  ];
}

function assembled(...parts: readonly (Buffer | undefined)[]): Buffer {
  return Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0)));
}

describe('decrypt', () => {
  it('finds every changed byte before anything of its segment is released', async () => {
    const good = await sealed();
    for (let at = 0; at < good.byteLength; at += 1) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ mask;
        const { code, released } = await refusal(bad, decrypt({ keyProvider }), [50]);
        const intact = at < HEADER_BYTES ? 0 : Math.floor((at - HEADER_BYTES) / SEALED_BYTES);
        expect({ at, mask, code }).toEqual({ at, mask, code: 'MALFORMED_INPUT' });
        // Less only where the length of the header was changed.
        expect(released.equals(plaintext.subarray(0, intact * SEGMENT_BYTES))).toBe(true);
      }
    }
  });

  it('finds a cut at every position, and never releases the segment that became the last', async () => {
    const good = await sealed();
    for (let length = 0; length < good.byteLength; length += 1) {
      const { code, released } = await refusal(good.subarray(0, length));
      const before = Math.ceil((length - HEADER_BYTES) / SEALED_BYTES) - 1;
      expect({ length, code }).toEqual({ length, code: 'MALFORMED_INPUT' });
      expect(released.equals(plaintext.subarray(0, Math.max(0, before) * SEGMENT_BYTES))).toBe(true);
    }
  });

  it.each([0, 1, 64, 128])('finds a cut of an object of %i bytes', async (length) => {
    const good = await sealed(sampleBytes(length));
    for (let end = 0; end < good.byteLength; end += 1) {
      expect(await refusal(good.subarray(0, end))).toMatchObject({ code: 'MALFORMED_INPUT' });
    }
  });

  it.each([1, 15, 16, 17, 80, 81, 1_000])('finds %i bytes of trailing junk', async (length) => {
    for (const bytes of [plaintext, plaintext.subarray(0, 64), plaintext.subarray(0, 0)]) {
      const { code, released } = await refusal(assembled(await sealed(bytes), Buffer.alloc(length)));
      const whole = Math.max(0, Math.ceil(bytes.byteLength / SEGMENT_BYTES) - 1) * SEGMENT_BYTES;
      expect(code).toBe('MALFORMED_INPUT');
      expect(released.equals(bytes.subarray(0, whole))).toBe(true);
    }
  });

  it('finds a ciphertext after the ciphertext, the same one too', async () => {
    const good = await sealed();
    expect(await refusal(assembled(good, good))).toMatchObject({ code: 'MALFORMED_INPUT' });
  });

  describe('finds segments', () => {
    type Rearrangement = (own: readonly Buffer[], other: readonly Buffer[]) => readonly (Buffer | undefined)[];

    it.each<[string, number, Rearrangement]>([
      ['that were swapped', 0, ([h, a, b, c, d]) => [h, b, a, c, d]],
      ['that were swapped further on', 1, ([h, a, b, c, d]) => [h, a, c, b, d]],
      ['that come twice', 1, ([h, a, b, c, d]) => [h, a, a, b, c, d]],
      ['that come twice at the end', 3, ([h, a, b, c, d]) => [h, a, b, c, d, d]],
      ['that replace another', 1, ([h, a, , c, d]) => [h, a, a, c, d]],
      ['that are missing', 1, ([h, a, , c, d]) => [h, a, c, d]],
      ['that are missing at the start', 0, ([h, , b, c, d]) => [h, b, c, d]],
      ['that are missing at the end', 2, ([h, a, b, c]) => [h, a, b, c]],
      ['of another object', 1, ([h, a, , c, d], [, , x]) => [h, a, x, c, d]],
      ['of another object at the end', 3, ([h, a, b, c], [, , , , x]) => [h, a, b, c, x]],
      ['under the header of another object', 0, ([, a, b, c, d], [h]) => [h, a, b, c, d]],
      ['that came before a part of another object', 2, ([h, a, b], [, , , x, y]) => [h, a, b, x, y]],
    ])('%s', async (_what, intact, rearrange) => {
      const own = segmentsOf(await sealed());
      const other = segmentsOf(await sealed());
      const { code, message, released } = await refusal(assembled(...rearrange(own, other)));
      expect(code).toBe('MALFORMED_INPUT');
      expect(message).toMatch(/does not verify/);
      expect(released.equals(plaintext.subarray(0, intact * SEGMENT_BYTES))).toBe(true);
    });
  });

  it('refuses an empty segment at the end of an object that is not empty', async () => {
    const [header, first] = segmentsOf(await sealed());
    const [, empty] = segmentsOf(await sealed(Buffer.alloc(0)));
    expect(await refusal(assembled(header, first, empty))).toMatchObject({
      code: 'MALFORMED_INPUT',
      message: 'decrypt: the input was cut short: it ends within a segment',
    });
  });

  it.each<[string, (good: Buffer) => Buffer, string]>([
    ['nothing', () => Buffer.alloc(0), 'the input ends within its header'],
    ['half a header', (good) => good.subarray(0, 40), 'the input ends within its header'],
    ['a header alone', (good) => good.subarray(0, 84), 'the input was cut short: it ends within a segment'],
    ['something else', () => Buffer.from('PK\u0003\u0004 and more'), 'the input is no ciphertext of this library'],
    ['a later version', (good) => patched(good, 4, [2]), 'format version 2 is not known'],
    ['another suite', (good) => patched(good, 5, [9]), 'cipher suite 9 is not known'],
    [
      'segments too small',
      (good) => patched(good, 6, [0, 0, 0, 63]),
      'segments of 63 bytes; allowed are 64 to 1048576',
    ],
    [
      'segments too large',
      (good) => patched(good, 6, [0, 16, 0, 1]),
      'segments of 1048577 bytes; allowed are 64 to 1048576',
    ],
    ['no key id', (good) => patched(good, 10, [0]), 'the key id is empty'],
    [
      'a key id of other characters',
      (good) => patched(good, 11, [10]),
      'the key id holds other than visible ASCII characters',
    ],
    ['an unknown key id', (good) => patched(good, 12, [0x32]), 'there is no key k2'],
    [
      'another segment size',
      (good) => patched(good, 9, [128]),
      'the header does not verify: it was changed, or encrypted with another key',
    ],
  ])('says what is wrong with %s', async (_what, change, message) => {
    expect(await refusal(change(await sealed()))).toEqual({
      code: 'MALFORMED_INPUT',
      message: `decrypt: ${message}`,
      released: Buffer.alloc(0),
    });
  });

  it('tells another key from damage at the header already', async () => {
    const other = decrypt({ keyProvider: keyRing({ current: 'k1', keys: { k1: randomBytes(32) } }) });
    expect(await refusal((await sealed()).subarray(0, HEADER_BYTES), other)).toMatchObject({
      code: 'MALFORMED_INPUT',
      message: 'decrypt: the header does not verify: it was changed, or encrypted with another key',
    });
  });

  it('reads objects of every key of the ring after a rotation', async () => {
    const old = await sealed();
    const rotated = keyRing({ current: 'k2', keys: { k1: key, k2: randomBytes(32) } });
    const fresh = await drive(encrypt({ keyProvider: rotated }), [plaintext]);
    for (const bytes of [old, fresh.bytes]) {
      expect((await drive(decrypt({ keyProvider: rotated }), [bytes])).bytes.equals(plaintext)).toBe(true);
    }
  });

  it('says that the provider failed', async () => {
    const cause = new Error('no route');
    const failing = { ...keyProvider, getKey: () => Promise.reject(cause) };
    const error = await failureOf(drive(decrypt({ keyProvider: failing }), [await sealed()]));
    expect(error).toMatchObject({ code: 'TRANSFORM_FAILED', message: 'decrypt: the key provider failed', cause });
  });

  it.each([undefined, null, {}, { getKey: () => undefined }])('refuses the key provider %p', (provider) => {
    const options = { keyProvider: provider } as unknown as DecryptOptions;
    expect(thrownBy(() => decrypt(options))).toMatchObject({ code: 'INVALID_OPTION' });
  });
});

function patched(good: Buffer, at: number, bytes: readonly number[]): Buffer {
  const changed = Buffer.from(good);
  changed.set(bytes, at);
  return changed;
}
