import { printable } from './printable.js';

describe('printable', () => {
  it('leaves names of any language as they are', () => {
    expect(printable('Größe 文件 🎉.bin')).toBe('Größe 文件 🎉.bin');
  });

  it.each([
    ['a\u001b[2Jb', 'a?[2Jb'],
    ['a\r\nb\tc', 'a??b?c'],
    ['exe.\u202egpj', 'exe.?gpj'],
    ['\u009b31m\u007f', '?31m?'],
    ['\ud800', '?'],
  ])('takes away what would steer a terminal: %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
