import { progress, type ProgressEvent, type ProgressOptions } from './progress.transform.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';
import { ManualClock } from './spec-support/manual-clock.js';

describe('progress', () => {
  it('passes bytes on unchanged and reports once every so many bytes, and at the end', async () => {
    const bytes = sampleBytes(1000);
    const seen: [number, boolean][] = [];
    const { bytes: out } = await drive(
      progress({ everyBytes: 300, onProgress: (event) => seen.push([event.bytes, event.done]) }),
      cut(bytes, [100]),
    );
    expect(out.equals(bytes)).toBe(true);
    expect(seen).toEqual([
      [300, false],
      [600, false],
      [900, false],
      [1000, true],
    ]);
  });

  it('reports at most once in the time given, with total, elapsed time and rate', async () => {
    const clock = new ManualClock();
    const seen: ProgressEvent[] = [];
    const transform = progress({ everyMs: 100, totalBytes: 400, clock, onProgress: (event) => seen.push(event) });
    const { signal } = new AbortController();
    for (let turn = 0; turn < 4; turn += 1) {
      await transform.transform(sampleBytes(100), () => undefined, signal);
      await clock.advance(60);
    }
    await transform.flush?.(() => undefined, signal);
    expect(seen).toEqual([
      { bytes: 300, totalBytes: 400, elapsedMs: 120, bytesPerSecond: 2500, done: false },
      { bytes: 400, totalBytes: 400, elapsedMs: 240, bytesPerSecond: 1667, done: true },
    ]);
  });

  it('reports four times a second where nothing is said', async () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const transform = progress({ clock, onProgress: (event) => seen.push(event.elapsedMs) });
    for (let turn = 0; turn < 11; turn += 1) {
      await transform.transform(sampleBytes(1), () => undefined, new AbortController().signal);
      await clock.advance(50);
    }
    expect(seen).toEqual([250, 500]);
  });

  it('counts a chunk only when it was handed on', async () => {
    const seen: number[] = [];
    const transform = progress({ everyBytes: 1, onProgress: (event) => seen.push(event.bytes) });
    let release = (): void => undefined;
    const handedOn = new Promise<void>((resolve) => {
      release = resolve;
    });
    const running = transform.transform(sampleBytes(10), () => handedOn, new AbortController().signal);
    expect(seen).toEqual([]);
    release();
    await running;
    expect(seen).toEqual([10]);
  });

  it('says at the end of an empty stream that it was empty', async () => {
    const seen: ProgressEvent[] = [];
    await drive(progress({ onProgress: (event) => seen.push(event) }), []);
    expect(seen).toEqual([{ bytes: 0, elapsedMs: 0, bytesPerSecond: 0, done: true }]);
  });

  it('goes on where the callback throws', async () => {
    const onProgress = (): never => {
      throw new Error('a broken progress bar');
    };
    const { bytes } = await drive(progress({ everyBytes: 1, onProgress }), [Buffer.from('abc')]);
    expect(bytes.toString()).toBe('abc');
  });

  it('passes on what fails behind it', async () => {
    const broken = new Error('the sink broke');
    const transform = progress({ onProgress: () => undefined });
    const emit = (): Promise<void> => Promise.reject(broken);
    expect(await failureOf(transform.transform(sampleBytes(1), emit, new AbortController().signal))).toBe(broken);
  });

  it.each<[ProgressOptions, string]>([
    [{ onProgress: 'no' as unknown as () => void }, 'progress: onProgress must be a function, got "no"'],
    [{ onProgress: () => undefined, everyBytes: 0 }, 'progress: everyBytes must be an integer of 1 or more, got 0'],
    [{ onProgress: () => undefined, everyMs: -1 }, 'progress: everyMs must be an integer of 0 or more, got -1'],
    [{ onProgress: () => undefined, totalBytes: 0.5 }, 'progress: totalBytes must be an integer of 0 or more, got 0.5'],
  ])('refuses %j', (options, message) => {
    expect(thrownBy(() => progress(options))).toMatchObject({ code: 'INVALID_OPTION', message });
  });
});
