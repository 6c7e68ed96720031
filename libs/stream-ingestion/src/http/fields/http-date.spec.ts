import * as fc from 'fast-check';

import { formatHttpDate, parseHttpDate } from './http-date.js';

const now = new Date('2026-07-01T12:00:00Z');

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Wed Nov 16 08:49:37 1994', '1994-11-16T08:49:37.000Z'],
    ['Thu, 29 Feb 2024 23:59:59 GMT', '2024-02-29T23:59:59.000Z'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00.000Z'],
    ['Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Thu, 01 Jan 1970 00:00:00 GMT', '1970-01-01T00:00:00.000Z'],
    ['Mon, 01 Jan 0001 00:00:00 GMT', '0001-01-01T00:00:00.000Z'],
    ['Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59.000Z'],
  ])('reads %p', (text, expected) => {
    expect(parseHttpDate(text, now)?.toISOString()).toBe(expected);
  });

  it.each([
    ['Tuesday, 30-Jun-26 12:00:00 GMT', '2026-06-30T12:00:00.000Z'],
    ['Wednesday, 01-Jul-76 12:00:00 GMT', '2076-07-01T12:00:00.000Z'],
    ['Thursday, 01-Jul-76 12:00:01 GMT', '1976-07-01T12:00:01.000Z'],
    ['Friday, 01-Jan-77 00:00:00 GMT', '1977-01-01T00:00:00.000Z'],
    ['Saturday, 01-Jan-00 00:00:00 GMT', '2000-01-01T00:00:00.000Z'],
  ])('reads the two-digit year of %p as at most 50 years ahead', (text, expected) => {
    expect(parseHttpDate(text, now)?.toISOString()).toBe(expected);
  });

  it('reads a low two-digit year late in a century as the next one', () => {
    expect(parseHttpDate('Saturday, 01-Jan-05 00:00:00 GMT', new Date('2090-01-01T00:00:00Z'))?.getUTCFullYear()).toBe(
      2105,
    );
  });

  it.each([
    '',
    '0',
    'yesterday',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Wed, 29 Feb 2023 00:00:00 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
    'Foo, 06 Nov 1994 08:49:37 GMT',
    ' Sun, 06 Nov 1994 08:49:37 GMT',
  ])('does not take %p for a date', (text) => {
    expect(parseHttpDate(text, now)).toBeUndefined();
  });

  it('reads back every date that was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const date = new Date(seconds * 1000);
        expect(parseHttpDate(formatHttpDate(date), now)).toEqual(date);
      }),
    );
  });
});

describe('formatHttpDate', () => {
  it('writes an IMF-fixdate, whole seconds', () => {
    expect(formatHttpDate(new Date('1994-11-06T08:49:37.999Z'))).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  });
});
