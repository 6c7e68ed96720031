import { acceptsCodings, parseAcceptEncoding } from './accept-encoding.js';

describe('parseAcceptEncoding', () => {
  it.each<[string, [string, number][]]>([
    ['gzip', [['gzip', 1]]],
    [
      'GZIP;q=0.5, br ; Q=0.125',
      [
        ['gzip', 0.5],
        ['br', 0.125],
      ],
    ],
    [
      'x-gzip, *;q=0',
      [
        ['gzip', 1],
        ['*', 0],
      ],
    ],
    ['gzip;q=1.000, gzip;q=0', [['gzip', 1]]],
    ['gzip;q=2, gzip;q=0.1234, gzip;level=1, ;q=1, br', [['br', 1]]],
    ['', []],
  ])('reads %p', (value, expected) => {
    expect([...parseAcceptEncoding(value)]).toEqual(expected);
  });
});

describe('acceptsCodings', () => {
  it.each([
    [undefined, 'gzip', true],
    ['gzip', 'gzip', true],
    ['gzip', 'x-gzip', true],
    ['GZip', 'gzip', true],
    ['gzip;q=0.001', 'gzip', true],
    ['gzip;q=0', 'gzip', false],
    ['gzip;q=0.000', 'gzip', false],
    ['br', 'gzip', false],
    ['*', 'gzip', true],
    ['*;q=0', 'gzip', false],
    ['gzip;q=0, *', 'gzip', false],
    ['gzip, *;q=0', 'gzip', true],
    ['identity', 'gzip', false],
    ['', 'gzip', false],
    ['gzip', 'gzip, br', false],
    ['gzip, br', 'gzip, br', true],
    ['', undefined, true],
    ['gzip', undefined, true],
    ['identity;q=0', undefined, false],
    ['*;q=0', undefined, false],
    ['*;q=0, identity', undefined, true],
  ])('Accept-Encoding %p takes %p: %p', (accept, codings, expected) => {
    expect(acceptsCodings(accept, codings)).toBe(expected);
  });
});
