import { createHash } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import type { IngestionSink, Transform } from '../contracts/index.js';
import { deliverStream, ingestStream } from '../engine/index.js';
import {
  brotliCompress,
  brotliDecompress,
  byteLimit,
  deflate,
  digest,
  gunzip,
  gzip,
  inflate,
  progress,
  throttle,
  TokenBucket,
} from './index.js';
import { cut, failureOf, sampleBytes } from './spec-support/drive-transform.js';

/** Keeps what was written, and which calls ended it. */
class KeepingSink implements IngestionSink<Buffer> {
  readonly preferredUnitBytes = 100_000;
  readonly endings: string[] = [];
  readonly #chunks: Buffer[] = [];

  async write(chunk: Uint8Array): Promise<void> {
    await new Promise(setImmediate);
    this.#chunks.push(Buffer.from(chunk));
  }

  finalize(): Buffer {
    this.endings.push('finalize');
    return Buffer.concat(this.#chunks);
  }

  abort(): void {
    this.endings.push('abort');
  }
}

describe('transforms in a transfer', () => {
  const bytes = sampleBytes(700_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');

  it('are chained on the way in, and report for themselves', async () => {
    const progressed: number[] = [];
    const transforms: Transform[] = [
      byteLimit({ maxBytes: 700_000 }),
      digest({ expected: { sha256 } }),
      gzip(),
      brotliCompress(),
      deflate(),
      throttle({ bytesPerSecond: 1_000_000_000 }),
      inflate(),
      brotliDecompress(),
      gunzip(),
      progress({ everyMs: 0, onProgress: (event) => progressed.push(event.bytes) }),
    ];
    const report = await ingestStream(Readable.from(cut(bytes, [10_000, 70_000, 1])), new KeepingSink(), {
      transforms,
      digests: ['sha256'],
    });
    expect(report.result.equals(bytes)).toBe(true);
    expect(report.digests).toEqual({ sha256 });
    expect(report.transforms.map(({ name }) => name)).toEqual([
      'byte-limit',
      'digest',
      'gzip',
      'brotli-compress',
      'deflate',
      'throttle',
      'inflate',
      'brotli-decompress',
      'gunzip',
      'progress',
    ]);
    expect(report.transforms[1]?.digests).toEqual({ sha256 });
    expect(report.transforms[5]?.facts).toEqual({ waitedMs: expect.any(Number) as number });
    expect(report.transforms[8]?.bytesOut).toBe(700_000);
    expect(progressed.at(-1)).toBe(700_000);
  });

  it('read from a source whose buffers are used again', async () => {
    let offset = 0;
    const source = {
      pull(buffer: Uint8Array): number {
        const read = bytes.copy(buffer, 0, offset, offset + 60_000);
        offset += read;
        return read;
      },
      close: (): void => undefined,
    };
    const transforms = [throttle({ bytesPerSecond: 50_000_000 }), gzip(), gunzip()];
    const report = await ingestStream(source, new KeepingSink(), { transforms });
    expect(report.result.equals(bytes)).toBe(true);
  });

  it('work on the way out', async () => {
    const received: Buffer[] = [];
    const destination = new Writable({
      write(chunk: Buffer, _encoding, done) {
        received.push(Buffer.from(chunk));
        setImmediate(done);
      },
    });
    await deliverStream(Readable.from(cut(gzipSync(bytes), [30_000])), destination, {
      transforms: [gunzip(), digest({ expected: { sha256 } })],
    });
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
  });

  it.each<[string, string, () => Transform]>([
    ['a limit is passed', 'LIMIT_EXCEEDED', () => byteLimit({ maxBytes: 699_999 })],
    ['a digest does not hold', 'DIGEST_MISMATCH', () => digest({ expected: { crc32: '00000000' } })],
    ['the input is malformed', 'MALFORMED_INPUT', () => gunzip()],
  ])('leave nothing behind where %s', async (_what, code, create) => {
    const sink = new KeepingSink();
    const ingesting = ingestStream(Readable.from(cut(bytes, [50_000])), sink, { transforms: [create()] });
    expect(await failureOf(ingesting)).toMatchObject({ code });
    expect(sink.endings).toEqual(['abort']);
  });

  it('stop when the transfer is aborted while they wait', async () => {
    const abort = new AbortController();
    const sink = new KeepingSink();
    const bucket = new TokenBucket({ bytesPerSecond: 1, burstBytes: 1000 });
    const ingesting = ingestStream(Readable.from(cut(bytes, [50_000])), sink, {
      transforms: [gzip(), throttle({ bucket })],
      signal: abort.signal,
    });
    while (bucket.waiting === 0) await new Promise(setImmediate);
    const reason = new Error('client went away');
    abort.abort(reason);
    expect(await failureOf(ingesting)).toMatchObject({ code: 'ABORTED', cause: reason });
    expect(sink.endings).toEqual(['abort']);
    expect(bucket.waiting).toBe(0);
  });
});
