import { parseMediaType } from './media-type.js';

describe('parseMediaType', () => {
  it.each([
    ['text/plain', 'text/plain', {}],
    ['Text/PLAIN; Charset="UTF-8"', 'text/plain', { charset: 'UTF-8' }],
    ['multipart/form-data; boundary=----WebKit7MA', 'multipart/form-data', { boundary: '----WebKit7MA' }],
    ['multipart/form-data;boundary="a b\\"c"', 'multipart/form-data', { boundary: 'a b"c' }],
    ['application/vnd.api+json ;', 'application/vnd.api+json', {}],
  ])('reads %s', (value, essence, parameters) => {
    const parsed = parseMediaType(value);
    expect(parsed?.essence).toBe(essence);
    expect(Object.fromEntries(parsed?.parameters ?? [])).toEqual(parameters);
  });

  it.each([
    '',
    'text',
    'text/',
    '/plain',
    'text/plain, text/html',
    'text/plain; a',
    'text/plain; a=1; a=2',
    'tëxt/plain',
    'text/plain\r\nX: 1',
  ])('refuses %j', (value) => {
    expect(parseMediaType(value)).toBeUndefined();
  });
});
