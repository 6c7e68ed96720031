import { ingestStream } from '../../engine/index.js';
import { chaosSink, chaosSource, Pattern, patternSource, RecordingSink } from '../index.js';

const failing = (code: string, causeMessage: string): Error =>
  expect.objectContaining({ code, cause: expect.objectContaining({ message: causeMessage }) as Error }) as Error;

describe('recording sink', () => {
  it('keeps calls and bytes', async () => {
    const sink = new RecordingSink(1000);
    const { result } = await ingestStream(patternSource(2500), sink);
    expect(sink.calls.at(-1)).toBe('finalize');
    expect(sink.writtenBytes).toEqual([1000, 1000, 500]);
    expect(result.bytes.equals(new Pattern(1).bytes(2500))).toBe(true);
    expect(result.summary.bytes).toBe(2500);
  });
});

describe('chaos sink', () => {
  it('fails the write that would go past the given bytes', async () => {
    const inner = new RecordingSink(1000);
    const transfer = ingestStream(patternSource(5000), chaosSink(inner, { on: 'write', failAt: 2000 }));
    await expect(transfer).rejects.toEqual(failing('SINK_FAILED', 'chaos: write failed on purpose'));
    expect(inner.bytes.byteLength).toBe(2000);
    expect(inner.calls.at(-1)).toBe('abort');
    expect(inner.calls).not.toContain('finalize');
  });

  it('fails finalize before the inner one', async () => {
    const inner = new RecordingSink(1000);
    const transfer = ingestStream(patternSource(1000), chaosSink(inner, { on: 'finalize' }));
    await expect(transfer).rejects.toEqual(failing('SINK_FAILED', 'chaos: finalize failed on purpose'));
    expect(inner.calls.at(-1)).toBe('abort');
    expect(inner.calls).not.toContain('finalize');
  });

  it('fails abort after the inner one', async () => {
    const inner = new RecordingSink(1000);
    const error = new Error('mine');
    const sink = chaosSink(inner, { on: 'abort', error });
    await expect(async () => sink.abort('enough')).rejects.toBe(error);
    expect(inner.calls).toEqual(['abort']);
    expect(inner.abortReason).toBe('enough');
  });

  it('hands everything on where nothing is to fail', async () => {
    const inner = new RecordingSink(1000);
    await ingestStream(patternSource(2500), chaosSink(inner, { delayMs: 1 }));
    expect(inner.bytes.equals(new Pattern(1).bytes(2500))).toBe(true);
  });

  it('shows that a sink keeps chunks which are not its own', async () => {
    const copied = new RecordingSink(1000);
    await ingestStream(patternSource(2500), chaosSink(copied, { overwriteChunks: true }));
    expect(copied.bytes.equals(new Pattern(1).bytes(2500))).toBe(true);

    const kept: Uint8Array[] = [];
    const careless = {
      write: (chunk: Uint8Array) => void kept.push(chunk),
      finalize: () => undefined,
      abort: () => undefined,
    };
    await ingestStream(patternSource(2500), chaosSink(careless, { overwriteChunks: true }));
    expect(Buffer.concat(kept).equals(Buffer.alloc(2500, 0xdb))).toBe(true);
  });

  it('refuses offsets that are none', () => {
    expect(() => chaosSink(new RecordingSink(), { failAt: -1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
    );
  });
});

describe('chaos source', () => {
  it('gives exactly the bytes before the failure', async () => {
    const sink = new RecordingSink(700);
    const source = chaosSource(patternSource(5000), { failAt: 1501, atMostBytes: 100, delayMs: 1 });
    await expect(ingestStream(source, sink)).rejects.toEqual(failing('SOURCE_FAILED', 'chaos: pull failed on purpose'));
    expect(sink.bytes.equals(new Pattern(1).bytes(sink.bytes.byteLength))).toBe(true);
    expect(sink.calls.at(-1)).toBe('abort');
  });

  it('closes the inner source', async () => {
    let closed = 0;
    const inner = { ...patternSource(10), close: () => void (closed += 1) };
    await ingestStream(chaosSource(inner, {}), new RecordingSink());
    expect(closed).toBe(1);
  });
});
