import { formatBytes, formatClock, formatDuration } from './human-units.js';

describe('human units', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1024, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [10_229, '9.99 KiB'],
    [10_239, '10.0 KiB'],
    [102_399, '100 KiB'],
    [24_536_678, '23.4 MiB'],
    [1024 ** 3 * 512, '512 GiB'],
    [1024 ** 6 * 2, '2048 PiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [-1, '0:00'],
    [0, '0:00'],
    [5.4, '0:05'],
    [65, '1:05'],
    [754, '12:34'],
    [3599.6, '1:00:00'],
    [3723, '1:02:03'],
    [90_000, '25:00:00'],
  ])('%d seconds are %s on the clock', (seconds, text) => {
    expect(formatClock(seconds)).toBe(text);
  });

  it.each([
    [0, '0.00 s'],
    [41, '0.04 s'],
    [12_345, '12.3 s'],
    [125_000, '2:05'],
  ])('%d ms last %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
