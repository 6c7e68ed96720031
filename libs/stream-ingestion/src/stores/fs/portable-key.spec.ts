import { isPortableKey, normalizePortableKey } from './portable-key.js';

describe('portable key', () => {
  it.each(['a', 'a/b', 'console', 'nullable.txt', 'com10', 'a/.stream-ingestion', 'lpt', '.config', 'aux-in', 'a.con'])(
    'takes %j',
    (key) => {
      expect(normalizePortableKey(key)).toBe(key);
    },
  );

  it.each([
    'a:b',
    'C:/x',
    'file:stream',
    'CON',
    'con',
    'con.txt',
    'nul .tar.gz',
    'a/PRN',
    'aux/b',
    'COM1',
    'com0.x',
    'lpt9',
    'COM\u00b9',
    'conin$',
    'CONOUT$',
    'a.',
    'a ',
    'a./b',
    'a /b',
    '...',
    '.stream-ingestion',
    '.stream-ingestion/tmp/x',
    '.Stream-Ingestion/x',
    '../x',
    '',
  ])('refuses %j', (key) => {
    expect(() => normalizePortableKey(key)).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }) as Error);
    expect(isPortableKey(key)).toBe(false);
  });

  it('is one only in the normal form', () => {
    expect(isPortableKey('\u00e9')).toBe(true);
    expect(isPortableKey('e\u0301')).toBe(false);
  });
});
