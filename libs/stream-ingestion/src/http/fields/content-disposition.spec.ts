import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';

import { contentDisposition } from './content-disposition.js';
import { decodeExtendedValue } from './extended-value.js';

describe('contentDisposition', () => {
  it.each([
    ['report.txt', 'attachment; filename="report.txt"'],
    ['with space.txt', 'attachment; filename="with space.txt"'],
    ['naïve.txt', `attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`],
    ['😀.png', `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`],
    ['a"b.txt', 'attachment; filename="a\\"b.txt"'],
    ['a\\b.txt', 'attachment; filename="b.txt"'],
    ['../../etc/passwd', 'attachment; filename="passwd"'],
    ['a\r\nX: 1', 'attachment; filename="a__X: 1"'],
    ['a\0b', 'attachment; filename="a_b"'],
    ["it's (1)*.txt", 'attachment; filename="it\'s (1)*.txt"'],
    ["é'(1)*", `attachment; filename="_'(1)*"; filename*=UTF-8''%C3%A9%27%281%29%2A`],
    ['100%41.txt', `attachment; filename="100%41.txt"; filename*=UTF-8''100%2541.txt`],
    ['x\ud800', 'attachment; filename="x_"'],
    ["x\"; filename*=UTF-8''evil", 'attachment; filename="x\\"; filename*=UTF-8\'\'evil"'],
    ['', 'attachment'],
    ['..', 'attachment'],
    ['dir/', 'attachment'],
    [undefined, 'attachment'],
  ])('writes %j as %s', (filename, expected) => {
    expect(contentDisposition('attachment', filename)).toBe(expected);
  });

  it('writes the inline type', () => {
    expect(contentDisposition('inline', 'a.png')).toBe('inline; filename="a.png"');
  });

  it('never says more than one plain and one extended name, whatever the name', () => {
    const shape = /^attachment(?:; filename="(?:[^"\\\r\n]|\\["\\])*")?(?:; filename\*=UTF-8''([\w.!#$&+^`|~%-]*))?$/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (filename) => {
        const value = contentDisposition('attachment', filename);
        const match = shape.exec(value);
        expect(match).not.toBeNull();
        expect(value).toMatch(/^[\x20-\x7e]*$/);
        if (match?.[1] !== undefined) expect(decodeExtendedValue(`UTF-8''${match[1]}`)).toBeDefined();
      }),
    );
  });

  it('is taken by Node.js as a header value', () => {
    expect(() => validateHeaderValue('content-disposition', contentDisposition('inline', 'a\r\nX: 1 é'))).not.toThrow();
  });
});
