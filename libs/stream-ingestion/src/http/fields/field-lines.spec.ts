import { joinFieldLines } from './field-lines.js';

describe('joinFieldLines', () => {
  it('joins repeated lines with a comma, in order, under lower-case names', () => {
    expect(joinFieldLines(['Range', 'bytes=0-1', 'Host', 'a', 'range', 'bytes=2-3'])).toEqual({
      range: 'bytes=0-1, bytes=2-3',
      host: 'a',
    });
  });

  it('keeps both of two dates, of which Node drops one', () => {
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT';
    expect(joinFieldLines(['If-Modified-Since', date, 'If-Modified-Since', date])).toEqual({
      'if-modified-since': `${date}, ${date}`,
    });
  });

  it('takes a field named like a property of every object as a field', () => {
    expect(Object.entries(joinFieldLines(['__proto__', 'x']))).toEqual([['__proto__', 'x']]);
  });
});
