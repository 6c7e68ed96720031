import fc from 'fast-check';

import { byteLimit } from './byte-limit.transform.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from './spec-support/drive-transform.js';

describe('byteLimit', () => {
  it('passes on exactly as many bytes as allowed, whatever the chunks', async () => {
    const bytes = sampleBytes(500);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 8 }), async (sizes) => {
        const { bytes: out } = await drive(byteLimit({ maxBytes: 500 }), cut(bytes, sizes));
        expect(out.equals(bytes)).toBe(true);
      }),
    );
  });

  it('fails with the chunk that holds the first byte too many, and passes nothing of it on', async () => {
    const passed: string[] = [];
    const limit = byteLimit({ maxBytes: 5 });
    const { signal } = new AbortController();
    const emit = (chunk: Uint8Array): void => void passed.push(Buffer.from(chunk).toString());
    await limit.transform(Buffer.from('abc'), emit, signal);
    await limit.transform(Buffer.from('de'), emit, signal);
    expect(thrownBy(() => limit.transform(Buffer.from('fgh'), emit, signal))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      retry: 'never',
      context: { limit: 'maxBytes', maxBytes: 5 },
      message: 'more than 5 bytes',
    });
    expect(passed).toEqual(['abc', 'de']);
  });

  it('allows an empty stream and nothing else with a limit of 0', async () => {
    await expect(drive(byteLimit({ maxBytes: 0 }), [])).resolves.toMatchObject({ pieces: [] });
    expect(await failureOf(drive(byteLimit({ maxBytes: 0 }), [Buffer.from('a')]))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it.each([-1, 1.5, Number.NaN, Infinity, 2 ** 53])('refuses a limit of %p', (maxBytes) => {
    expect(thrownBy(() => byteLimit({ maxBytes }))).toMatchObject({
      code: 'INVALID_OPTION',
      message: `byteLimit: maxBytes must be an integer of 0 or more, got ${maxBytes}`,
    });
  });
});
