import fc from 'fast-check';

import { normalizeObjectKey } from './object-key.js';

describe('normalizeObjectKey', () => {
  it.each(['a', 'a/b/c', 'video.mp4', ' leading space', 'a:b', '…/é', '.hidden', '..a', 'a..', 'x'.repeat(255)])(
    'keeps %j as it is',
    (key) => {
      expect(normalizeObjectKey(key)).toBe(key);
    },
  );

  it('brings decomposed letters into normal form C', () => {
    expect(normalizeObjectKey('e\u0301t\u0065')).toBe('\u00e9te');
  });

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    './a',
    '../x',
    'a\\b',
    '..\\x',
    'a\0b',
    'a\nb',
    'a\u007fb',
    'a\u2028b',
    '\ud800',
    'a\udc00b',
    'x'.repeat(256),
    'é'.repeat(128),
    'x/'.repeat(512) + 'y',
  ])('refuses %j', (key) => {
    expect(() => normalizeObjectKey(key)).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }));
  });

  it('gives a key that it takes again unchanged, or refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let key: string;
        try {
          key = normalizeObjectKey(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_KEY' });
          return;
        }
        expect(normalizeObjectKey(key)).toBe(key);
        expect(key.split('/')).not.toContain('..');
      }),
    );
  });
});
