import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import fc from 'fast-check';

import type { ByteSource, ByteTransform, Transform } from '../contracts/index.js';
import { ingestStream } from '../engine/index.js';
import { Pattern, RecordingSink, patternSource } from '../testing/index.js';
import { decrypt, digest, gzip, keyRing } from '../transforms/index.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from '../transforms/spec-support/drive-transform.js';
import type { TransformDeclaration } from './declaration.js';
import { misbehaving, usePools } from './spec-support/thread-entry.js';

const ingest = async (source: ByteSource, ...transforms: Transform[]): Promise<Buffer> => {
  const report = await ingestStream(source, new RecordingSink(), { transforms });
  return report.result.bytes;
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a transform in a worker', () => {
  const newPool = usePools();

  it('gives the same bytes as on the main thread, whatever their number and the chunks', async () => {
    const pool = newPool({ unitBytes: 4096, windowBytes: 16_384 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(0, 1, 4095, 4096, 4097, 8192)),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (length, sizes, level) => {
          const bytes = sampleBytes(length);
          const here = await drive(gzip({ level }), cut(bytes, sizes));
          const packed = await drive(pool.offload({ name: 'gzip', options: { level } }), cut(bytes, sizes));
          expect(packed.bytes.equals(here.bytes)).toBe(true);
          const unpacked = await drive(pool.offload('gunzip'), cut(packed.bytes, sizes));
          expect(unpacked.bytes.equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<[string, TransformDeclaration, (bytes: Buffer) => Buffer]>([
    ['a module', misbehaving('increment'), (bytes) => Buffer.from(bytes.map((byte) => byte + 1))],
    [
      'a module that gives more than it takes, out of pooled memory',
      misbehaving('triple'),
      (bytes) => Buffer.concat([bytes, bytes, bytes, Buffer.from('end')]),
    ],
    ['a module that makes a Node.js Transform', misbehaving('nodeTransform'), (bytes) => Buffer.from(bytes).reverse()],
    ['the default export of a module', { module: misbehaving('').module }, (bytes) => bytes],
  ])('may be %s', async (_what, declaration, expected) => {
    const bytes = randomBytes(3000);

    const out = await ingest([bytes], newPool().offload(declaration));

    expect(out.equals(expected(bytes))).toBe(true);
  });

  it('keeps the order of many units, with more than the window under way', async () => {
    const pool = newPool({ unitBytes: 4096, windowBytes: 32_768 });

    const out = await ingest(patternSource(3_000_001), pool.offload(misbehaving('increment')));

    const expected = new Pattern(1).bytes(3_000_001, 0).map((byte) => byte + 1);
    expect(sha256(out)).toBe(sha256(expected));
  });

  it('runs several as one, and reports what they said', async () => {
    const pool = newPool();
    const bytes = sampleBytes(1_000_000);
    const transform = pool.offload([{ name: 'digest', options: { algorithms: ['sha256'] } }, 'gzip']);

    const report = await ingestStream([bytes], new RecordingSink(), { transforms: [transform] });

    expect(gunzipSync(report.result.bytes).equals(bytes)).toBe(true);
    expect(report.transforms).toEqual([
      expect.objectContaining({
        name: 'digest+gzip',
        bytesIn: 1_000_000,
        digests: { sha256: sha256(bytes) },
        facts: expect.objectContaining({ offloaded: true }),
      }),
    ]);
    expect(pool.metrics()).toMatchObject({ bytesIn: 1_000_000, sessionsOpened: 1, activeSessions: 0 });
  });

  it('encrypts with keys that are data', async () => {
    const keys = { current: 'k1', keys: { k1: randomBytes(32) } };
    const bytes = sampleBytes(300_000);

    const sealed = await ingest([bytes], newPool().offload({ name: 'encrypt', options: { keyRing: keys } }));

    expect((await ingest([sealed], decrypt({ keyProvider: keyRing(keys) }))).equals(bytes)).toBe(true);
    const inWorker = newPool().offload({ name: 'decrypt', options: { keyRing: keys } });
    expect((await ingest([sealed], inWorker)).equals(bytes)).toBe(true);
  });

  it.each<[string, TransformDeclaration, string, string]>([
    ['damaged input', 'gunzip', 'MALFORMED_INPUT', 'gunzip: the input is damaged, or of another format'],
    ['a limit', { name: 'byteLimit', options: { maxBytes: 3 } }, 'LIMIT_EXCEEDED', 'more than 3 bytes'],
    ['a module that cannot make it', misbehaving('failToMake'), 'TRANSFORM_FAILED', 'the transform could not be made'],
    [
      'a module that makes nothing',
      misbehaving('makeNothing'),
      'INVALID_OPTION',
      'makeNothing() returned no transform',
    ],
    ['no such export', misbehaving('absent'), 'INVALID_OPTION', 'the module exports no function "absent"'],
    ['no such module', { module: '/nowhere/at-all.mjs' }, 'INVALID_OPTION', 'the module could not be loaded'],
  ])('fails with the error of %s as it would here', async (_what, declaration, code, message) => {
    const failure = await failureOf(ingest([Buffer.from('hello')], newPool().offload(declaration)));

    expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each<[string, unknown, string]>([
    ['an unknown name', 'rot13', 'offload: unknown transform "rot13"'],
    ['options out of bounds', { name: 'gzip', options: { level: 10 } }, 'gzip: level must be an integer from 0 to 9'],
    ['no transform', [], 'offload: transforms must hold one declaration or more'],
    ['a relative path', { module: './x.mjs' }, 'offload: module must be an absolute path or a file: URL'],
    ['a function among the options', { ...misbehaving('x'), options: () => 1 }, 'offload: options must be plain data'],
  ])('refuses %s at once', (_what, declaration, message) => {
    const thrown = thrownBy(() => newPool().offload(declaration as TransformDeclaration));

    expect(thrown).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(message) });
  });
});

describe('the window of a worker', () => {
  const newPool = usePools();

  it('holds the source back while nobody takes the output', async () => {
    const pool = newPool({ unitBytes: 4096, windowBytes: 65_536 });
    const transform = pool.offload(misbehaving('default'));
    const { signal } = new AbortController();
    let release = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    const taken: Buffer[] = [];
    const emit = async (chunk: Uint8Array): Promise<void> => {
      taken.push(Buffer.from(chunk));
      await blocked;
    };
    let put = 0;
    const putting = (async () => {
      for (; put < 100; put += 1) await transform.transform(Buffer.alloc(4096, put), emit, signal);
      await transform.flush?.(emit, signal);
    })();

    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(put).toBeLessThanOrEqual(17);
    release();
    await putting;

    expect(
      Buffer.concat(taken).equals(Buffer.concat(Array.from({ length: 100 }, (_, i) => Buffer.alloc(4096, i)))),
    ).toBe(true);
    expect(transform.result?.().facts?.peakInFlightBytes).toBeLessThanOrEqual(65_536);
  });

  it('is reused: buffers come back from the thread and from the sink', async () => {
    const pool = newPool({ unitBytes: 65_536, windowBytes: 262_144 });

    await ingest(patternSource(20_000_000), pool.offload(misbehaving('default')));

    const { idleBufferBytes } = pool.metrics();
    expect(idleBufferBytes).toBeGreaterThan(0);
    expect(idleBufferBytes).toBeLessThanOrEqual(262_144 + 3 * 65_536);
  });
});

describe("offload: 'auto'", () => {
  const newPool = usePools();

  it.each([
    [100_000, false, 0],
    [100_001, true, 1],
  ])('with a threshold of 100,000 bytes and %d bytes: in a worker is %s', async (length, offloaded, sessionsOpened) => {
    const pool = newPool();
    const bytes = sampleBytes(length);
    const transform = pool.offload(['gzip', { name: 'digest', options: { algorithms: ['md5'] } }], {
      offload: 'auto',
      thresholdBytes: 100_000,
    });

    const out = await ingest(cut(bytes, [777]), transform);

    expect(gunzipSync(out).equals(bytes)).toBe(true);
    expect(transform.result?.()).toMatchObject({
      facts: { offloaded },
      digests: { md5: createHash('md5').update(out).digest('hex') },
    });
    expect(pool.metrics()).toMatchObject({ sessionsOpened });
  });

  it('asks a worker at once where the length is known to be large', async () => {
    const pool = newPool();
    const transform: ByteTransform = pool.offload('gzip', { offload: 'auto', expectedBytes: 300_000 });

    await ingest([Buffer.from('less than promised')], transform);

    expect(pool.metrics().sessionsOpened).toBe(1);
  });

  it('gives here what the transform itself gives', async () => {
    const here = digest('sha256');
    const auto = newPool().offload({ name: 'digest', options: { algorithms: ['sha256'] } }, { offload: 'auto' });

    await ingest([Buffer.from('hello')], here, auto);

    expect(auto.result?.().digests).toEqual(here.result?.().digests);
  });
});
