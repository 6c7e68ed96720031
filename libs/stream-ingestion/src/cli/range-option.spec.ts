import fc from 'fast-check';

import { parseRange, rangeField, resolveRange } from './range-option.js';

describe('parseRange', () => {
  it.each([
    ['0-0', { kind: 'from', start: 0, end: 0 }],
    ['5-9', { kind: 'from', start: 5, end: 9 }],
    ['5-', { kind: 'from', start: 5, end: undefined }],
    ['-5', { kind: 'last', bytes: 5 }],
  ])('reads %s', (text, range) => {
    expect(parseRange(text)).toEqual(range);
  });

  it.each(['', '-', '5', '9-5', '-0', 'a-b', '1-2-3', '1-2,4-5', ' 1-2', '0-99999999999999999999'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseRange(text)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: expect.stringContaining(`but it is "${text}"`) as string,
        }) as Error,
      );
    },
  );
});

describe('rangeField', () => {
  it.each([
    ['5-9', 'bytes=5-9'],
    ['5-', 'bytes=5-'],
    ['-5', 'bytes=-5'],
  ])('says %s as %s', (text, field) => {
    expect(rangeField(parseRange(text))).toBe(field);
  });
});

describe('resolveRange', () => {
  it.each([
    ['0-0', 10, { start: 0, end: 0 }],
    ['3-99', 10, { start: 3, end: 9 }],
    ['9-', 10, { start: 9, end: 9 }],
    ['-3', 10, { start: 7, end: 9 }],
    ['-99', 10, { start: 0, end: 9 }],
  ])('%s of %d bytes', (text, size, range) => {
    expect(resolveRange(parseRange(text), size)).toEqual(range);
  });

  it.each([
    ['10-', 10],
    ['10-12', 10],
    ['0-0', 0],
    ['-1', 0],
  ])('%s of %d bytes cannot be satisfied', (text, size) => {
    expect(() => resolveRange(parseRange(text), size)).toThrow(
      expect.objectContaining({ code: 'RANGE_NOT_SATISFIABLE', context: { size } }) as Error,
    );
  });

  it('never leaves the source', () => {
    const request = fc.tuple(fc.nat(), fc.nat()).map(([start, length]) => `${start}-${start + length}`);
    fc.assert(
      fc.property(request, fc.integer({ min: 1 }), (text, size) => {
        const parsed = parseRange(text);
        fc.pre(parsed.kind === 'from' && parsed.start < size);
        const { start, end } = resolveRange(parsed, size);
        return start >= 0 && start <= end && end < size;
      }),
    );
  });
});
