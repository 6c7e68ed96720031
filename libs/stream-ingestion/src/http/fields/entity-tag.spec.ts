import {
  formatEntityTag,
  isOpaqueTag,
  matchesStrongly,
  matchesWeakly,
  parseEntityTag,
  parseEntityTagList,
} from './entity-tag.js';

describe('parseEntityTag', () => {
  it.each([
    ['"v1"', { opaque: 'v1', weak: false }],
    ['W/"v1"', { opaque: 'v1', weak: true }],
    ['""', { opaque: '', weak: false }],
    ['"a,b;c"', { opaque: 'a,b;c', weak: false }],
    ['"\u00e9"', { opaque: '\u00e9', weak: false }],
    ['w/"v1"', undefined],
    ['v1', undefined],
    ['"v1', undefined],
    ['"v 1"', undefined],
    ['"v1" ', undefined],
    ['"a", "b"', undefined],
    ['W/ "v1"', undefined],
    ['*', undefined],
    ['', undefined],
  ])('reads %p as %p', (text, expected) => {
    expect(parseEntityTag(text)).toEqual(expected);
  });
});

describe('parseEntityTagList', () => {
  const a = { opaque: 'a', weak: false };
  const weakB = { opaque: 'b', weak: true };

  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', [a]],
    ['"a", W/"b"', [a, weakB]],
    ['"a",W/"b"', [a, weakB]],
    [' "a" ,\tW/"b" ', [a, weakB]],
    [', "a",, W/"b",', [a, weakB]],
    ['"a,b"', [{ opaque: 'a,b', weak: false }]],
    ['', []],
    ['a', []],
    ['"a", b', []],
    ['"a" W/"b"', []],
    ['*, "a"', []],
    ['"a", *', []],
    ['"a', []],
  ])('reads %p as %p', (value, expected) => {
    expect(parseEntityTagList(value)).toEqual(expected);
  });

  it('reads a long hostile value in linear time', () => {
    expect(parseEntityTagList(`${' '.repeat(500_000)}x`)).toEqual([]);
    expect(parseEntityTagList(`"a"${' '.repeat(500_000)}x`)).toEqual([]);
    expect(parseEntityTagList(','.repeat(500_000))).toEqual([]);
  });
});

describe('comparison', () => {
  // The table of RFC 9110, 8.8.3.2, as far as one side is strong.
  it.each([
    [{ opaque: '1', weak: true }, '1', false, true],
    [{ opaque: '1', weak: false }, '1', true, true],
    [{ opaque: '1', weak: true }, '2', false, false],
    [{ opaque: '1', weak: false }, '2', false, false],
    [{ opaque: 'A', weak: false }, 'a', false, false],
  ])('%p against "%s": strong %p, weak %p', (tag, opaque, strong, weak) => {
    expect(matchesStrongly(tag, opaque)).toBe(strong);
    expect(matchesWeakly(tag, opaque)).toBe(weak);
  });
});

describe('formatEntityTag', () => {
  it('puts quotes around the opaque part', () => {
    expect(formatEntityTag('v1')).toBe('"v1"');
  });
});

describe('isOpaqueTag', () => {
  it.each([
    ['v1', true],
    ['', true],
    ['a"b', false],
    ['a b', false],
    ['a\r\nb', false],
    ['a\u0100', false],
    ['a\u007f', false],
  ])('says of %p: %p', (text, expected) => {
    expect(isOpaqueTag(text)).toBe(expected);
  });
});
