import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable, Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gunzipSync } from 'node:zlib';

import fc from 'fast-check';

import type { ByteSource, ByteTransform, IngestionSink, PullSource } from '../contracts/index.js';
import { ingestStream } from './ingest-stream.js';

/** Keeps a copy of what it is given, and the order of calls. */
class KeepingSink implements IngestionSink<string> {
  readonly writes: Buffer[] = [];
  readonly calls: string[] = [];
  reason: unknown;
  constructor(readonly preferredUnitBytes = 16) {}
  async write(chunk: Uint8Array): Promise<void> {
    await tick();
    this.writes.push(Buffer.from(chunk));
    this.calls.push('write');
  }
  finalize(): string {
    this.calls.push('finalize');
    return 'stored';
  }
  abort(reason: unknown): Promise<void> | void {
    this.calls.push('abort');
    this.reason = reason;
  }
  get bytes(): Buffer {
    return Buffer.concat(this.writes);
  }
}

class VectorSink extends KeepingSink {
  async writev(chunks: readonly Uint8Array[]): Promise<void> {
    await this.write(Buffer.concat(chunks));
  }
}

function pullSource(bytes: Uint8Array, stepBytes: number): PullSource & { closed: number } {
  let offset = 0;
  return {
    closed: 0,
    pull(buffer) {
      const step = Math.min(stepBytes, buffer.byteLength, bytes.byteLength - offset);
      buffer.set(bytes.subarray(offset, offset + step));
      offset += step;
      return Promise.resolve(step);
    },
    close() {
      this.closed += 1;
    },
  };
}

async function* slices(bytes: Uint8Array, stepBytes: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += stepBytes) {
    await tick();
    yield bytes.subarray(offset, offset + stepBytes);
  }
}

const sources: Record<string, (bytes: Uint8Array, stepBytes: number) => ByteSource> = {
  'a Node.js Readable': (bytes, step) => Readable.from(slices(bytes, step), { objectMode: false }),
  'a web ReadableStream': (bytes, step) => ReadableStream.from(slices(bytes, step)),
  'an async iterable': slices,
  'a plain iterable': (bytes, step) =>
    Array.from({ length: Math.ceil(bytes.byteLength / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step)),
  'a pull source': pullSource,
};

const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255));

describe.each(Object.entries(sources))('ingestStream from %s', (_, open) => {
  it.each([
    ['with write', () => new KeepingSink()],
    ['with writev', () => new VectorSink()],
  ])('delivers every byte in order, in units of the preferred size, to a sink %s', async (_name, makeSink) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(200), fc.integer({ min: 1, max: 50 }), async (length, step) => {
        const sink = makeSink();
        const report = await ingestStream(open(pattern(length), step), sink);

        expect(sink.bytes.equals(pattern(length))).toBe(true);
        expect(sink.writes.slice(0, -1).every((unit) => unit.byteLength === 16)).toBe(true);
        expect(sink.calls.at(-1)).toBe('finalize');
        expect(report).toMatchObject({ outcome: 'completed', bytesIn: length, bytesOut: length, result: 'stored' });
      }),
      { numRuns: 40 },
    );
  });

  it('aborts the sink once and never finalizes it when a write fails', async () => {
    const sink = new KeepingSink();
    let writes = 0;
    sink.write = async () => {
      await tick();
      if ((writes += 1) === 2) throw new Error('disk on fire');
    };
    await expect(ingestStream(open(pattern(500), 7), sink)).rejects.toMatchObject({
      code: 'SINK_FAILED',
      cause: { message: 'disk on fire' },
      report: { outcome: 'failed', bytesOut: 16, reason: { code: 'SINK_FAILED' } },
    });
    expect(sink.calls).toEqual(['abort']);
    expect(writes).toBe(2);
  });

  it('stops promptly when its signal fires, keeping the reason, with no write under way', async () => {
    const controller = new AbortController();
    const sink = new KeepingSink();
    let writing = 0;
    sink.write = async () => {
      writing += 1;
      controller.abort(new Error('changed my mind'));
      await sleep(5);
      writing -= 1;
    };
    await expect(ingestStream(open(pattern(5000), 20), sink, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: { message: 'changed my mind' },
      report: { outcome: 'aborted' },
    });
    expect(writing).toBe(0);
    expect(sink.calls).toEqual(['abort']);
  });

  it('touches nothing but abort when the signal has fired already', async () => {
    const sink = new KeepingSink();
    await expect(
      ingestStream(open(pattern(100), 10), sink, { signal: AbortSignal.abort('too late') }),
    ).rejects.toMatchObject({ code: 'ABORTED', cause: 'too late' });
    expect(sink.calls).toEqual(['abort']);
  });

  it.each([
    [99, 'more than 99'],
    [101, '100'],
  ])('refuses 100 bytes where %i were announced', async (expectedBytes, found) => {
    const sink = new KeepingSink();
    await expect(ingestStream(open(pattern(100), 10), sink, { expectedBytes })).rejects.toMatchObject({
      code: 'LENGTH_MISMATCH',
      context: { expected: expectedBytes, actual: found },
    });
    expect(sink.calls.filter((call) => call !== 'write')).toEqual(['abort']);
  });

  it('goes through a chain of transforms, each with its own counts', async () => {
    const twice: ByteTransform = {
      name: 'twice',
      async transform(chunk, emit) {
        for (const byte of chunk) {
          await emit(Uint8Array.of(byte));
          await emit(Uint8Array.of(byte));
        }
      },
    };
    const sink = new VectorSink(64);
    const report = await ingestStream(open(pattern(100), 100), sink, { transforms: [twice, createGzip()] });

    expect(gunzipSync(sink.bytes)).toEqual(Buffer.from([...pattern(100)].flatMap((byte) => [byte, byte])));
    expect(report.transforms).toMatchObject([
      { name: 'twice', bytesIn: 100, bytesOut: 200 },
      { name: 'Gzip', bytesIn: 200, bytesOut: sink.bytes.byteLength },
    ]);
  });
});

describe('ingestStream', () => {
  it('writes one unit while it gathers the next, and never holds more than two', async () => {
    const sink = new VectorSink(1000);
    sink.write = () => sleep(3);
    const report = await ingestStream(slices(pattern(10_000), 100), sink);

    expect(report.peakInFlightBytes).toBeGreaterThan(1000);
    expect(report.peakInFlightBytes).toBeLessThanOrEqual(2000);
  });

  it('reuses two buffers for a pull source of any length', async () => {
    const seen = new Set<ArrayBufferLike>();
    const source = pullSource(pattern(100_000), 100_000);
    const pull = source.pull.bind(source);
    source.pull = (buffer, signal) => {
      seen.add(buffer.buffer);
      return pull(buffer, signal);
    };
    const sink = new KeepingSink(4096);
    await ingestStream(source, sink);

    expect(seen.size).toBe(2);
    expect(sink.bytes.equals(pattern(100_000))).toBe(true);
    expect(source.closed).toBe(1);
  });

  it('does not stall when a transform passes on slivers of the reused buffers', async () => {
    const sliver: ByteTransform = { name: 'sliver', transform: (chunk, emit) => emit(chunk.subarray(0, 4096)) };
    const sink = new VectorSink(65_536);
    await ingestStream(pullSource(pattern(400_000), 400_000), sink, { transforms: [sliver] });

    const expected = [0, 1, 2, 3, 4, 5, 6].map((i) => pattern(400_000).subarray(i * 65_536, i * 65_536 + 4096));
    expect(sink.bytes.equals(Buffer.concat(expected))).toBe(true);
  });

  it('keeps the order of a transform that emits without waiting', async () => {
    const hasty: ByteTransform = {
      name: 'hasty',
      transform(chunk, emit) {
        for (const byte of chunk) void emit(Uint8Array.of(byte));
      },
    };
    const sink = new KeepingSink(4);
    await ingestStream([pattern(100)], sink, { transforms: [hasty] });
    expect(sink.bytes.equals(pattern(100))).toBe(true);
  });

  it('does not lose bytes that a Node.js transform still holds when its write has called back', async () => {
    const sink = new KeepingSink(1024);
    await ingestStream(pullSource(pattern(50_000), 50_000), sink, {
      transforms: [new PassThrough({ highWaterMark: 1 << 20 })],
    });
    expect(sink.bytes.equals(pattern(50_000))).toBe(true);
  });

  it('ends with the error of a Node.js transform', async () => {
    const failing = new Transform({ transform: (_chunk, _encoding, done) => done(new Error('bad input')) });
    const sink = new KeepingSink();
    await expect(ingestStream([pattern(10)], sink, { transforms: [failing] })).rejects.toMatchObject({
      code: 'TRANSFORM_FAILED',
      cause: { message: 'bad input' },
    });
    expect(failing.destroyed).toBe(true);
    expect(sink.calls).toEqual(['abort']);
  });

  it('destroys every transform once, however the transfer ends', async () => {
    const destroyed: string[] = [];
    const named = (name: string): ByteTransform => ({
      name,
      transform: (chunk, emit) => emit(chunk),
      destroy: () => void destroyed.push(name),
    });
    await ingestStream([pattern(10)], new KeepingSink(), { transforms: [named('a'), named('b')] });
    await ingestStream([pattern(10)], new KeepingSink(), { transforms: [named('c')], expectedBytes: 1 }).catch(tick);
    expect(destroyed).toEqual(['a', 'b', 'c']);
  });

  it('computes digests over what the sink gets and checks those announced for the source, in one pass', async () => {
    const sink = new KeepingSink();
    const report = await ingestStream([Buffer.from('123'), Buffer.from('456789')], sink, {
      digests: ['crc32c'],
      expectedDigests: { md5: '25F9E794323B453885F5181F1B624D0B' },
    });
    expect(report.digests).toEqual({ crc32c: 'e3069283', md5: '25f9e794323b453885f5181f1b624d0b' });
  });

  it('keeps announced digests about the source and computed ones about the sink apart', async () => {
    const drop: ByteTransform = { name: 'drop', transform: () => undefined };
    const report = await ingestStream([Buffer.from('123456789')], new KeepingSink(), {
      transforms: [drop],
      digests: ['crc32c'],
      expectedDigests: { crc32c: 'e3069283' },
    });
    expect(report.digests).toEqual({ crc32c: '00000000' });
  });

  it('keeps nothing of bytes with another digest', async () => {
    const sink = new KeepingSink();
    await expect(
      ingestStream([Buffer.from('1234')], sink, { expectedDigests: { crc32: 'cbf43926' } }),
    ).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', context: { algorithm: 'crc32', expected: 'cbf43926' } });
    expect(sink.calls).toEqual(['abort']);
  });

  it('reports a failing abort without hiding the first error', async () => {
    const sink = new KeepingSink();
    sink.finalize = () => {
      throw new Error('no');
    };
    sink.abort = () => Promise.reject(new Error('cannot clean up'));
    const failures: unknown[] = [];
    await expect(
      ingestStream([pattern(1)], sink, { observer: { abortFailed: (error) => failures.push(error) } }),
    ).rejects.toMatchObject({
      code: 'SINK_FAILED',
      cause: { message: 'no' },
      abortFailure: { message: 'cannot clean up' },
    });
    expect(failures).toMatchObject([{ message: 'cannot clean up' }]);
  });

  it('tells an observer of each step, and survives one that throws', async () => {
    const events: string[] = [];
    await ingestStream([pattern(20)], new KeepingSink(), {
      observer: {
        started: () => {
          events.push('started');
          throw new Error('an observer’s own trouble');
        },
        writeSettled: (bytes) => void events.push(`write ${bytes}`),
        finalizing: () => void events.push('finalizing'),
        settled: ({ outcome }) => void events.push(outcome),
      },
    });
    expect(events).toEqual(['started', 'write 16', 'write 4', 'finalizing', 'completed']);
  });

  it('aborts a transfer that moves no byte for the idle time', async () => {
    const silent = new PassThrough();
    silent.write('a');
    const sink = new KeepingSink();
    await expect(ingestStream(silent, sink, { idleTimeoutMs: 20 })).rejects.toMatchObject({ code: 'IDLE_TIMEOUT' });
    expect(silent.destroyed).toBe(true);
    expect(sink.calls).toEqual(['abort']);
  });

  it('does not take a transform that passes bytes on slowly for a silent peer', async () => {
    const slow: ByteTransform = {
      name: 'slow',
      async transform(chunk, emit) {
        for (const byte of chunk) {
          await sleep(10);
          await emit(Uint8Array.of(byte));
        }
      },
    };
    const report = await ingestStream([pattern(15)], new KeepingSink(), { transforms: [slow], idleTimeoutMs: 60 });
    expect(report.durationMs).toBeGreaterThan(120);
  });

  it('aborts a transfer below the minimum rate', async () => {
    async function* trickle() {
      for (;;) {
        await sleep(5);
        yield Uint8Array.of(1);
      }
    }
    await expect(
      ingestStream(trickle(), new KeepingSink(), { idleTimeoutMs: 50, minBytesPerSecond: 100_000 }),
    ).rejects.toMatchObject({ code: 'IDLE_TIMEOUT' });
  });

  it('does not wait for an iterator that never answers', async () => {
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    await expect(ingestStream(stuck, new KeepingSink(), { idleTimeoutMs: 20 })).rejects.toMatchObject({
      code: 'IDLE_TIMEOUT',
    });
  });

  it.each([
    ['text', Readable.from(['text'], { objectMode: true }), 'SOURCE_FAILED'],
    ['no source at all', 42 as unknown as Readable, 'INVALID_OPTION'],
    ['a Readable that was consumed', Object.assign(new PassThrough(), {}).destroy(), 'SOURCE_CLOSED'],
  ])('refuses %s and aborts the sink', async (_, source, code) => {
    const sink = new KeepingSink();
    await expect(ingestStream(source, sink)).rejects.toMatchObject({ code });
    expect(sink.calls).toEqual(['abort']);
  });

  it.each([
    [{ unitBytes: 0 }, 'unitBytes must be a whole number from 1 to 1073741824, but it is 0'],
    [{ expectedBytes: -1 }, 'expectedBytes must be a whole number from 0 to 9007199254740991, but it is -1'],
    [{ idleTimeoutMs: 1.5 }, 'idleTimeoutMs must be a whole number from 0 to 2147483647, but it is 1.5'],
    [{ digests: ['sha3'] as unknown as ['md5'] }, expect.stringContaining('unknown digest algorithm "sha3"') as string],
  ])('refuses %j, lets go of the source and aborts the sink', async (options, message) => {
    const sink = new KeepingSink();
    const source = new PassThrough();
    await expect(ingestStream(source, sink, options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
    expect(source.destroyed).toBe(true);
    expect(sink.calls).toEqual(['abort']);
  });

  it('treats a source that closes early as an error, never as a short success', async () => {
    const source = new PassThrough();
    source.write('half');
    setTimeout(() => source.destroy(), 5);
    const sink = new KeepingSink();
    await expect(ingestStream(source, sink)).rejects.toMatchObject({ code: 'SOURCE_CLOSED' });
    expect(sink.calls).not.toContain('finalize');
  });

  it('keeps the error of a source that fails', async () => {
    const source = new PassThrough();
    setTimeout(() => source.destroy(new Error('cable cut')), 5);
    await expect(ingestStream(source, new KeepingSink())).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      cause: { message: 'cable cut' },
    });
  });

  it('leaves a source open that it was asked to keep, without a listener of its own', async () => {
    const source = new PassThrough();
    const before = source.eventNames().map((name) => source.listenerCount(name));
    source.write(pattern(100));
    await expect(
      ingestStream(source, new KeepingSink(), { expectedBytes: 10, keepSourceOnFailure: true }),
    ).rejects.toMatchObject({ code: 'LENGTH_MISMATCH' });
    expect(source.destroyed).toBe(false);
    expect(source.eventNames().map((name) => source.listenerCount(name))).toEqual(before);
  });

  it('frees the memory of each chunk once it is written, where it was told that the chunks are its own', async () => {
    const chunks = [0, 1, 2].map((fill) => Buffer.from(new ArrayBuffer(8192)).fill(fill));
    const part = Buffer.alloc(16_384, 3).subarray(0, 8192);
    const sink = new VectorSink(16_384);
    await ingestStream(Readable.from([...chunks, part], { objectMode: false }), sink, { releaseChunks: true });

    expect(sink.bytes.equals(Buffer.concat([0, 1, 2, 3].map((fill) => Buffer.alloc(8192, fill))))).toBe(true);
    expect(chunks.map((chunk) => chunk.byteLength)).toEqual([0, 0, 0]);
    expect(part.byteLength).toBe(8192);
  });

  it('frees chunks that were cut in two, and those that were too small to be kept, after their last byte', async () => {
    const sizes = [10_000, 10_000, 100, 10_000];
    const chunks = sizes.map((size, fill) => Buffer.from(new ArrayBuffer(size)).fill(fill));
    const sink = new VectorSink(16_384);
    await ingestStream(Readable.from(chunks, { objectMode: false }), sink, { releaseChunks: true });

    expect(sink.bytes.equals(Buffer.concat(sizes.map((size, fill) => Buffer.alloc(size, fill))))).toBe(true);
    expect(chunks.map((chunk) => chunk.byteLength)).toEqual([0, 0, 0, 0]);
  });

  it('keeps its hands off chunks that somebody else listens to as well', async () => {
    const chunk = Buffer.from(new ArrayBuffer(8192));
    const source = Readable.from([chunk], { objectMode: false });
    source.on('data', () => undefined).pause();
    await ingestStream(source, new KeepingSink(), { releaseChunks: true });
    expect(chunk.byteLength).toBe(8192);
  });

  it('leaves no listener on a signal that outlives many transfers', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => void ((listeners += 1), add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => void ((listeners -= 1), remove(...args));
    for (let i = 0; i < 20; i += 1) await ingestStream([pattern(10)], new KeepingSink(), { signal });
    expect(listeners).toBe(0);
  });

  it('reads an HTTP request far past its high-water mark, and sees when the client goes away', async () => {
    const outcomes: string[] = [];
    const server = createServer((req, res) => {
      ingestStream(req, new KeepingSink(65_536), { keepSourceOnFailure: true }).then(
        (report) => res.end(String(report.bytesOut)),
        (error: { code: string }) => {
          outcomes.push(error.code);
          server.emit('failed');
        },
      );
    }).listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'PUT', body: pattern(3_000_000) });
    expect(await answer.text()).toBe('3000000');

    const broken = request({ port, method: 'PUT', headers: { 'content-length': 1_000_000 } });
    broken.on('error', () => undefined);
    const arrived = once(server, 'request');
    const failed = once(server, 'failed');
    broken.write(pattern(100_000));
    await arrived;
    broken.destroy();
    await failed;
    expect(outcomes).toEqual(['SOURCE_CLOSED']);
    server.close();
  });

  it('is complete where the sink has finalized, even if somebody asked for its end meanwhile', async () => {
    const controller = new AbortController();
    const sink = new KeepingSink();
    sink.finalize = () => {
      controller.abort(new Error('too late'));
      return 'stored';
    };
    const report = await ingestStream([pattern(10)], sink, { signal: controller.signal });
    expect(report).toMatchObject({ outcome: 'completed', result: 'stored' });
    expect(report).not.toHaveProperty('reason');
  });

  it('outlives a source that gives every byte and then cannot be closed', async () => {
    const source = new Readable({
      read() {
        this.push('all');
        this.push(null);
      },
      destroy(_error, callback) {
        setImmediate(callback, new Error('cannot be closed'));
      },
    });
    const closed = new Promise((resolve) => source.once('close', resolve));
    expect(await ingestStream(source, new KeepingSink())).toMatchObject({ outcome: 'completed', bytesIn: 3 });
    // An error without a listener would end the process here.
    await closed;
    expect(source.errored).toMatchObject({ message: 'cannot be closed' });
  });

  it('leaves a source that is kept where it is, although a transform finishes after the failure', async () => {
    const controller = new AbortController();
    const source = new PassThrough();
    source.write(pattern(10));
    const transform: ByteTransform = {
      name: 'late',
      async transform() {
        controller.abort(new Error('enough'));
        await sleep(5);
      },
    };
    const options = { signal: controller.signal, keepSourceOnFailure: true, transforms: [transform] };
    await expect(ingestStream(source, new KeepingSink(), options)).rejects.toMatchObject({ code: 'ABORTED' });
    source.write('still here');
    await tick();
    expect(source.readableFlowing).toBe(false);
    expect(String(source.read())).toBe('still here');
  });
});
