import fc from 'fast-check';

import { progressLine, type ProgressLook } from './progress-line.js';

const MIB = 1024 * 1024;
const look: ProgressLook = {
  label: 'film.mkv',
  bytes: 30 * MIB,
  totalBytes: 120 * MIB,
  bytesPerSecond: 10 * MIB,
  elapsedMs: 3000,
};

describe('progressLine', () => {
  it('shows share, bytes, rate, time left and the name', () => {
    expect(progressLine(look, 80)).toBe(
      ' 25% [====>              ] 30.0 MiB of 120 MiB  10.0 MiB/s  0:09 left  film.mkv',
    );
    expect(progressLine(look, 120)).toBe(
      ' 25% [==========>                             ] 30.0 MiB of 120 MiB  10.0 MiB/s  0:09 left  film.mkv',
    );
  });

  it('gives up the bar, then the name where there is little room', () => {
    expect(progressLine(look, 60)).toBe(' 25% 30.0 MiB of 120 MiB  10.0 MiB/s  0:09 left  film.mkv');
    expect(progressLine({ ...look, label: 'a-very-long-name-of-a-film.mkv' }, 60)).toBe(
      ' 25% 30.0 MiB of 120 MiB  10.0 MiB/s  0:09 left  …-film.mkv',
    );
    expect(progressLine(look, 21)).toBe(' 25% 30.0 MiB of 120');
  });

  it('shows the time that has passed where the length is unknown', () => {
    expect(progressLine({ ...look, totalBytes: undefined }, 80)).toBe('30.0 MiB  10.0 MiB/s  0:03  film.mkv');
  });

  it('has no time left to tell while nothing moves', () => {
    expect(progressLine({ ...look, bytesPerSecond: 0 }, 55)).toBe(
      ' 25% 30.0 MiB of 120 MiB  0 B/s  -:-- left  film.mkv',
    );
  });

  it('is full at the end, and never beyond', () => {
    const full = '100% [========================================] ';
    expect(progressLine({ ...look, bytes: 120 * MIB }, 120)).toContain(full);
    expect(progressLine({ ...look, bytes: 130 * MIB }, 120)).toContain(full);
  });

  it('never is wider than the terminal, and never breaks the line', () => {
    const anyLook = fc.record({
      label: fc.string({ unit: 'binary-ascii' }),
      bytes: fc.nat(),
      totalBytes: fc.option(fc.nat(), { nil: undefined }),
      bytesPerSecond: fc.nat(),
      elapsedMs: fc.nat(),
    });
    fc.assert(
      fc.property(anyLook, fc.integer({ min: 0, max: 200 }), (anything, columns) => {
        const line = progressLine(anything, columns);
        return line.length <= Math.max(0, columns - 1) && /^\P{Cc}*$/u.test(line);
      }),
    );
  });
});
