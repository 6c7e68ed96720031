import fc from 'fast-check';

import { drive, thrownBy } from '../spec-support/drive-transform.js';
import { ciphertextBytes, plaintextBytes } from './ciphertext-size.js';
import { encrypt } from './encrypt.transform.js';

describe('the size of a ciphertext', () => {
  it.each([
    [0, 105],
    [1, 106],
    [65_536, 65_641],
    [65_537, 65_658],
    [10 * 2 ** 30, 10_740_039_769],
  ])('of %i bytes is %i with the defaults', (plain, sealed) => {
    expect(ciphertextBytes(plain)).toBe(sealed);
    expect(plaintextBytes(sealed)).toBe(plain);
  });

  it('is what encrypt writes', async () => {
    const layout = { segmentBytes: 100, keyId: 'key' };
    for (const length of [0, 1, 99, 100, 101, 200, 1_000]) {
      const { bytes } = await drive(encrypt({ key: Buffer.alloc(32), ...layout }), [Buffer.alloc(length)]);
      expect(bytes.byteLength).toBe(ciphertextBytes(length, layout));
    }
  });

  it('can be turned back, and no size between is one', () => {
    const layouts = fc.record({
      segmentBytes: fc.integer({ min: 64, max: 1_048_576 }),
      keyId: fc.constantFrom('a', 'abc'),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 38 }), layouts, (plain, layout) => {
        const sealed = ciphertextBytes(plain, layout);
        expect(plaintextBytes(sealed, layout)).toBe(plain);
        const next = ciphertextBytes(plain + 1, layout);
        for (let between = sealed + 1; between < next; between += 1) {
          expect(thrownBy(() => plaintextBytes(between, layout))).toMatchObject({ code: 'MALFORMED_INPUT' });
        }
      }),
    );
  });

  it('is bounded by the counter of 32 bits', () => {
    const layout = { segmentBytes: 64, keyId: 'a' };
    expect(ciphertextBytes(2 ** 38, layout)).toBe(83 + 80 * 2 ** 32);
    expect(thrownBy(() => ciphertextBytes(2 ** 38 + 1, layout))).toMatchObject({ code: 'INVALID_OPTION' });
    expect(thrownBy(() => plaintextBytes(83 + 80 * 2 ** 32 + 17, layout))).toMatchObject({ code: 'MALFORMED_INPUT' });
  });

  it.each([-1, 1.5, Number.NaN])('is not asked for %p bytes', (bytes) => {
    expect(thrownBy(() => ciphertextBytes(bytes))).toMatchObject({ code: 'INVALID_OPTION' });
    expect(thrownBy(() => plaintextBytes(bytes))).toMatchObject({ code: 'INVALID_OPTION' });
  });
});
