import { parseRange } from './range.js';

const MAX = Number.MAX_SAFE_INTEGER;

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', [{ kind: 'from', first: 0, last: 0 }]],
    ['bytes=0-499', [{ kind: 'from', first: 0, last: 499 }]],
    ['bytes=500-', [{ kind: 'from', first: 500 }]],
    ['bytes=-500', [{ kind: 'suffix', length: 500 }]],
    ['bytes=-0', [{ kind: 'suffix', length: 0 }]],
    ['BYTES=0-1', [{ kind: 'from', first: 0, last: 1 }]],
    ['bytes=007-010', [{ kind: 'from', first: 7, last: 10 }]],
    [
      'bytes= 0-999, 4500-5499, -1000',
      [
        { kind: 'from', first: 0, last: 999 },
        { kind: 'from', first: 4500, last: 5499 },
        { kind: 'suffix', length: 1000 },
      ],
    ],
    [
      'bytes=,0-1,,\t2-3 ,',
      [
        { kind: 'from', first: 0, last: 1 },
        { kind: 'from', first: 2, last: 3 },
      ],
    ],
    ['bytes=0-99999999999999999999999', [{ kind: 'from', first: 0, last: MAX }]],
    ['bytes=99999999999999999999999-', [{ kind: 'from', first: MAX }]],
    ['bytes=-99999999999999999999999', [{ kind: 'suffix', length: MAX }]],
    ['bytes=18446744073709551616-18446744073709551617', [{ kind: 'from', first: MAX, last: MAX }]],
  ])('reads %p', (value, expected) => {
    expect(parseRange(value)).toEqual(expected);
  });

  it.each([
    '',
    'bytes',
    'bytes=',
    'bytes=,',
    'bytes=-',
    'bytes=a-b',
    'bytes=0',
    'bytes=0-1-2',
    'bytes=--1',
    'bytes=0- 1',
    'bytes=0 -1',
    'bytes=+0-1',
    'bytes=0x0-0x1',
    'bytes=1e3-',
    'bytes=0.5-1',
    'bytes=9-1',
    'bytes=0-1,9-1',
    'bytes=0-1;2-3',
    'bytes=0-1,x',
    'bytes=18446744073709551617-18446744073709551616',
    'bytes 0-1',
    'bytes =0-1',
    ' bytes=0-1',
    'items=0-1',
    'bytes=0-1, bytes=2-3',
    'bytes=\u0660-\u0661',
  ])('ignores %p', (value) => {
    expect(parseRange(value)).toBeUndefined();
  });

  it('reads a long hostile value in linear time', () => {
    expect(parseRange(`bytes=0${' '.repeat(500_000)}x`)).toBeUndefined();
    expect(parseRange(`bytes=${'0-,'.repeat(100_000)}`)).toHaveLength(100_000);
  });
});
