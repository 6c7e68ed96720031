import { getEventListeners } from 'node:events';
import { PassThrough, type TransformCallback } from 'node:stream';
import { createBrotliCompress, createGunzip, createGzip, gzipSync } from 'node:zlib';

import fc from 'fast-check';

import type { Emit } from '../contracts/index.js';
import { failureOf, sampleBytes } from './spec-support/drive-transform.js';
import { ZLIB_UNIT_BYTES, ZlibPump, type ZlibStream } from './zlib-pump.js';

const chunkSize = ZLIB_UNIT_BYTES;
const ignore: Emit = () => undefined;

function pumpOf(open: () => ZlibStream): ZlibPump {
  return new ZlibPump({ operation: 'spec.transform', open, explain: (cause) => new Error('explained', { cause }) });
}

function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('ZlibPump', () => {
  it('produces no more than two units of output while the output there is waits', async () => {
    const stream = createGunzip({ chunkSize });
    const pump = pumpOf(() => stream);
    const { passed, open } = gate();
    let emitted = 0;
    const writing = pump.write(
      gzipSync(Buffer.alloc(20_000_000)),
      (piece) => {
        emitted += piece.byteLength;
        return passed;
      },
      new AbortController().signal,
    );
    await turns(30);
    expect(emitted).toBeGreaterThan(0);
    expect(emitted + stream.readableLength).toBeLessThanOrEqual(3 * ZLIB_UNIT_BYTES);
    open();
    await writing;
    expect(emitted).toBe(20_000_000);
    pump.destroy(undefined);
  });

  it('takes in no more while the output there is waits', async () => {
    const pump = pumpOf(() => createGzip({ chunkSize, level: 0 }));
    const { passed, open } = gate();
    const writing = pump.write(Buffer.alloc(4_000_000), () => passed, new AbortController().signal);
    await turns(30);
    expect(pump.consumedBytes).toBeLessThanOrEqual(3 * ZLIB_UNIT_BYTES);
    open();
    await writing;
    expect(pump.consumedBytes).toBe(4_000_000);
    pump.destroy(undefined);
  });

  it('never touches again what it has emitted', async () => {
    const bytes = sampleBytes(1_500_000);
    const pump = pumpOf(() => createGunzip({ chunkSize }));
    const emitted: { piece: Uint8Array; copy: Buffer }[] = [];
    const emit: Emit = (piece) => void emitted.push({ piece, copy: Buffer.from(piece) });
    const { signal } = new AbortController();
    const packed = gzipSync(bytes);
    for (let offset = 0; offset < packed.byteLength; offset += 999) {
      await pump.write(packed.subarray(offset, offset + 999), emit, signal);
    }
    await pump.end(emit, signal);
    pump.destroy(undefined);
    expect(emitted.every(({ piece, copy }) => copy.equals(piece))).toBe(true);
    expect(Buffer.concat(emitted.map(({ piece }) => piece)).equals(bytes)).toBe(true);
  });

  it('opens its stream only when there is something to do', () => {
    let opened = 0;
    const pump = pumpOf(() => {
      opened += 1;
      return createGzip();
    });
    pump.destroy(undefined);
    expect(opened).toBe(0);
    expect(pump.consumedBytes).toBe(0);
  });

  it('explains why its stream cannot be made', async () => {
    const cause = new Error('no memory');
    const pump = pumpOf(() => {
      throw cause;
    });
    const failure = await failureOf(pump.write(sampleBytes(1), ignore, new AbortController().signal));
    expect(failure).toMatchObject({ message: 'explained', cause });
  });

  it('explains what its stream fails with', async () => {
    const pump = pumpOf(() => createGunzip({ chunkSize }));
    const failure = await failureOf(pump.write(Buffer.from('no gzip'), ignore, new AbortController().signal));
    expect(failure).toMatchObject({ message: 'explained', cause: { code: 'Z_DATA_ERROR' } });
    pump.destroy(undefined);
  });

  it('knows how many bytes came after the end, and stops there', async () => {
    const pump = pumpOf(() => createGunzip({ chunkSize }));
    await pump.write(Buffer.concat([gzipSync('a'), Buffer.alloc(5)]), ignore, new AbortController().signal);
    expect(pump.refusedBytes).toBe(5);
    pump.destroy(undefined);
  });

  it('hands nothing more in after the unit that held the end', async () => {
    const pump = pumpOf(() => createGunzip({ chunkSize }));
    await pump.write(Buffer.concat([gzipSync('a'), Buffer.alloc(300_000)]), ignore, new AbortController().signal);
    expect(pump.refusedBytes).toBe(ZLIB_UNIT_BYTES - gzipSync('a').byteLength);
    pump.destroy(undefined);
  });

  it('never lends the memory of the caller to the thread pool', async () => {
    const lent: ArrayBufferLike[] = [];
    class RecordingStream extends PassThrough {
      bytesWritten = 0;

      override _transform(chunk: Buffer, encoding: BufferEncoding, done: TransformCallback): void {
        lent.push(chunk.buffer);
        this.bytesWritten += chunk.byteLength;
        super._transform(chunk, encoding, done);
      }
    }
    const chunk = new Uint8Array(100_000);
    const pump = pumpOf(() => new RecordingStream());
    await pump.write(chunk, ignore, new AbortController().signal);
    expect(lent).toHaveLength(2);
    expect(lent).not.toContain(chunk.buffer);
    pump.destroy(undefined);
  });

  describe('settles at once', () => {
    const slow = (): ZlibStream => createBrotliCompress({ chunkSize });
    const reason = new Error('over');
    const aborted = { code: 'ABORTED', operation: 'spec.transform', cause: reason };

    it('when it is destroyed while the thread pool works', async () => {
      const stream = slow();
      const pump = pumpOf(() => stream);
      const writing = failureOf(pump.write(sampleBytes(100_000), ignore, new AbortController().signal));
      pump.destroy(reason);
      expect(await writing).toMatchObject(aborted);
      expect(stream.destroyed).toBe(true);
    });

    it('when the signal fires while the thread pool works, and leaves no listener on it', async () => {
      const abort = new AbortController();
      const pump = pumpOf(slow);
      const writing = failureOf(pump.write(sampleBytes(100_000), ignore, abort.signal));
      abort.abort(reason);
      expect(await writing).toMatchObject(aborted);
      expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
      pump.destroy(reason);
    });

    it('when it is destroyed while it ends', async () => {
      const pump = pumpOf(slow);
      const { signal } = new AbortController();
      await pump.write(sampleBytes(60_000), ignore, signal);
      const ending = failureOf(pump.end(ignore, signal));
      pump.destroy(reason);
      expect(await ending).toMatchObject(aborted);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    });

    it('when it was destroyed before, or the signal had fired before', async () => {
      const destroyed = pumpOf(slow);
      destroyed.destroy(reason);
      const { signal } = new AbortController();
      expect(await failureOf(destroyed.write(sampleBytes(1), ignore, signal))).toMatchObject(aborted);
      expect(await failureOf(destroyed.end(ignore, signal))).toMatchObject(aborted);
      expect(await failureOf(pumpOf(slow).write(sampleBytes(1), ignore, AbortSignal.abort(reason)))).toMatchObject(
        aborted,
      );
    });

    it('and emits nothing more once the emit that was running has settled', async () => {
      const pump = pumpOf(() => createGunzip({ chunkSize }));
      const { passed, open } = gate();
      let emits = 0;
      const emit: Emit = () => {
        emits += 1;
        return passed;
      };
      const writing = failureOf(pump.write(gzipSync(Buffer.alloc(1_000_000)), emit, new AbortController().signal));
      await turns(10);
      pump.destroy(reason);
      open();
      expect(await writing).toMatchObject(aborted);
      expect(emits).toBe(1);
    });

    it('at whatever moment it is destroyed', async () => {
      const plain = sampleBytes(600_000);
      const packed = gzipSync(plain);
      await fc.assert(
        fc.asyncProperty(fc.nat(12), fc.boolean(), async (moment, compressing) => {
          const pump = pumpOf(() => (compressing ? createGzip({ chunkSize }) : createGunzip({ chunkSize })));
          const { signal } = new AbortController();
          const run = async (): Promise<string> => {
            await pump.write(compressing ? plain : packed, ignore, signal);
            await pump.end(ignore, signal);
            return 'done';
          };
          const outcome = run().catch((error: unknown) => error);
          for (let turn = 0; turn < moment; turn += 1) await new Promise(setImmediate);
          pump.destroy(reason);
          expect(['done', expect.objectContaining(aborted)]).toContainEqual(await outcome);
        }),
        { numRuns: 40 },
      );
    });
  });
});
