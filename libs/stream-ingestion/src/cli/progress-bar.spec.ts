import type { TransferObserver, TransferProgress, TransferReport } from '../contracts/index.js';
import { ProgressBar } from './progress-bar.js';

const MIB = 1024 * 1024;

describe('ProgressBar', () => {
  let written: string[];
  const terminal = { columns: 69, write: (text: string) => written.push(text) };

  beforeEach(() => {
    written = [];
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function start(observer: TransferObserver) {
    const progress = { bytesIn: 0 };
    observer.started?.({
      id: 'x',
      direction: 'ingest',
      startedAt: new Date(0),
      progress: () => progress as TransferProgress,
    });
    return progress;
  }

  const settle = (observer: TransferObserver, bytesIn: number) => observer.settled?.({ bytesIn } as TransferReport);

  it('redraws one line while a transfer is under way', () => {
    const bar = new ProgressBar(terminal, 1);
    const progress = start(bar.watch('a.bin', 4 * MIB));
    progress.bytesIn = MIB;
    jest.advanceTimersByTime(200);
    progress.bytesIn = 2 * MIB;
    jest.advanceTimersByTime(1000);
    expect(written[0]).toBe('\r 25% [==>       ] 1.00 MiB of 4.00 MiB  5.00 MiB/s  0:01 left  a.bin\u001b[K');
    expect(written).toHaveLength(6);
    expect(written.at(-1)).toBe('\r 50% [=====>    ] 2.00 MiB of 4.00 MiB  1.00 MiB/s  0:02 left  a.bin\u001b[K');
  });

  it('takes the rate of the last seconds, not of the whole time', () => {
    const bar = new ProgressBar(terminal, 1);
    const progress = start(bar.watch('a.bin', undefined));
    progress.bytesIn = 100 * MIB;
    jest.advanceTimersByTime(10_000);
    expect(written.at(-1)).toBe('\r100 MiB  0 B/s  0:10  a.bin\u001b[K');
  });

  it('adds up several transfers, and knows the total once all are under way', () => {
    const bar = new ProgressBar(terminal, 2);
    const first = bar.watch('a', 2 * MIB);
    start(first).bytesIn = MIB;
    jest.advanceTimersByTime(200);
    expect(written.at(-1)).toBe('\r1.00 MiB  5.00 MiB/s  0:00  0 of 2 done\u001b[K');
    settle(first, 2 * MIB);
    start(bar.watch('b', 2 * MIB)).bytesIn = MIB;
    jest.advanceTimersByTime(200);
    expect(written.at(-1)).toBe('\r 75% 3.00 MiB of 4.00 MiB  10.0 MiB/s  0:00 left  1 of 2 done\u001b[K');
  });

  it('leaves the line empty, once, when it stops, and draws no more', () => {
    const bar = new ProgressBar(terminal, 1);
    start(bar.watch('a', 1));
    jest.advanceTimersByTime(200);
    bar.erase();
    bar.stop();
    jest.advanceTimersByTime(1000);
    expect(written).toEqual([expect.stringContaining('  a'), '\r\u001b[K']);
  });

  it('writes nothing at all where nothing was drawn', () => {
    const bar = new ProgressBar(terminal, 1);
    start(bar.watch('a', 1));
    bar.stop();
    expect(written).toEqual([]);
  });
});
