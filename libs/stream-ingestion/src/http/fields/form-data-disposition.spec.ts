import { parseFormDataDisposition } from './form-data-disposition.js';

describe('parseFormDataDisposition', () => {
  it.each([
    ['form-data; name="a"', { name: 'a', isFile: false }],
    ['FORM-DATA;NAME=a', { name: 'a', isFile: false }],
    ['form-data; name="a";', { name: 'a', isFile: false }],
    ['form-data ; name="a" ; x=y', { name: 'a', isFile: false }],
    ['form-data; name="a b; c=\'d\'"', { name: "a b; c='d'", isFile: false }],
    ['form-data; name="__proto__"', { name: '__proto__', isFile: false }],
    ['form-data; name="a"; filename="x.txt"', { name: 'a', isFile: true, filename: 'x.txt' }],
    ['form-data; name="a"; filename=""', { name: 'a', isFile: true }],
    ['form-data; name="a"; filename=".."', { name: 'a', isFile: true }],
    ['form-data; name="a"; filename="../../x"', { name: 'a', isFile: true, filename: 'x' }],
    ['form-data; name="a"; filename="C:\\Users\\me\\x.txt"', { name: 'a', isFile: true, filename: 'x.txt' }],
    ['form-data; name="a"; filename="naïve 😀.txt"', { name: 'a', isFile: true, filename: 'naïve 😀.txt' }],
    ['form-data; name="%22%0d%0A%2e"; filename="a%22b"', { name: '"\r\n%2e', isFile: true, filename: 'a"b' }],
    ['form-data; name="a"; filename="a%0D%0AX: 1"', { name: 'a', isFile: true, filename: 'a__X: 1' }],
    ['form-data; name="a\\"b\\\\c\\d"', { name: 'a"b\\c\\d', isFile: false }],
    [`form-data; name="a"; filename*=UTF-8''na%C3%AFve.txt`, { name: 'a', isFile: true, filename: 'naïve.txt' }],
    [`form-data; name="a"; filename*=iso-8859-1'en'na%EFve`, { name: 'a', isFile: true, filename: 'naïve' }],
    [`form-data; name="a"; filename="n.txt"; filename*=utf-8''b.txt`, { name: 'a', isFile: true, filename: 'b.txt' }],
    [`form-data; name="a"; filename*=UTF-8''..%2F..%2Fx`, { name: 'a', isFile: true, filename: 'x' }],
    [`form-data; name="a"; filename*=UTF-8''a%00b`, { name: 'a', isFile: true, filename: 'a_b' }],
  ])('reads %s', (value, expected) => {
    expect(parseFormDataDisposition(value)).toEqual(expected);
  });

  it.each([
    '',
    'form-data',
    'form-data; name=""',
    'form-data; filename="x"',
    'form-datax; name="a"',
    'attachment; name="a"',
    'form-data; name="a',
    'form-data; name="a"b',
    'form-data; name="a" filename="b"',
    'form-data; name=a b',
    'form-data; name',
    'form-data; name=',
    'form-data; name="a"; name="b"',
    'form-data; name="a"; NAME="b"',
    'form-data; name="a"; filename="x"; filename="y"',
    `form-data; name="a"; filename*=UTF-8''%zz`,
    `form-data; name="a"; filename*=UTF-8''%ff`,
    `form-data; name="a"; filename*=UTF-16''x`,
    'form-data; name="a"; filename*=x',
    `form-data; name="a"; filename*="UTF-8''x"; filename*=UTF-8''y`,
  ])('refuses %s', (value) => {
    expect(parseFormDataDisposition(value)).toBeUndefined();
  });

  it('takes no more than linear time', () => {
    const before = performance.now();
    for (const text of ['form-data; name="' + '\\'.repeat(200_000), 'form-data; ' + ';'.repeat(200_000) + '=']) {
      expect(parseFormDataDisposition(text)).toBeUndefined();
    }
    // Quadratic would be minutes.
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
