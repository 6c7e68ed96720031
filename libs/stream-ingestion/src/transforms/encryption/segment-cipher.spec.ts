import { createSecretKey } from 'node:crypto';

import { cut, thrownBy } from '../spec-support/drive-transform.js';
import { SegmentCipher } from './segment-cipher.js';

const cipher = new SegmentCipher(createSecretKey(Buffer.alloc(32, 7)), Buffer.alloc(7, 1));

describe('SegmentCipher', () => {
  it('counts to 2^32 segments and no further', () => {
    const sealer = cipher.sealer(2 ** 32 - 1, false);
    const sealed = Buffer.concat([sealer.update('abc'), sealer.final(), sealer.getAuthTag()]);
    expect(Buffer.concat(cipher.open(2 ** 32 - 1, false, [sealed])).toString()).toBe('abc');
    expect(thrownBy(() => cipher.sealer(2 ** 32, true))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      context: { limit: 'segments', segments: 4_294_967_296 },
    });
  });

  it('opens a segment in parts, wherever they are cut, within the tag too', () => {
    const sealer = cipher.sealer(3, true);
    const sealed = Buffer.concat([sealer.update('0123456789'), sealer.final(), sealer.getAuthTag()]);
    for (let size = 1; size <= sealed.byteLength; size += 1) {
      expect(Buffer.concat(cipher.open(3, true, cut(sealed, [size]))).toString()).toBe('0123456789');
    }
    expect(thrownBy(() => cipher.open(3, false, [sealed]))).toMatchObject({ code: 'MALFORMED_INPUT' });
    expect(thrownBy(() => cipher.open(2, true, [sealed]))).toMatchObject({ code: 'MALFORMED_INPUT' });
  });
});
