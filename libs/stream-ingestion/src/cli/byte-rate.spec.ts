import { parseByteRate } from './byte-rate.js';

describe('parseByteRate', () => {
  it.each([
    ['1', 1],
    ['500', 500],
    ['64K', 65_536],
    ['64k', 65_536],
    ['10M', 10_485_760],
    ['1.5M', 1_572_864],
    ['2G', 2_147_483_648],
    ['0.5K', 512],
  ])('reads %s', (text, bytes) => {
    expect(parseByteRate(text)).toBe(bytes);
  });

  it.each(['', '0', '0.1', '-1', '10MB', 'fast', '1e6', '10 M', 'M', '.5M', '99999999999G', 'constructor'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseByteRate(text)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: `--limit-rate must be bytes a second, such as 500K, 10M or 1.5G, but it is "${text}"`,
        }) as Error,
      );
    },
  );
});
