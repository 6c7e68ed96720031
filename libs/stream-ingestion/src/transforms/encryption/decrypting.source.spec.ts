import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import fc from 'fast-check';

import type { ByteRange, ByteSource, DeliverySource, PullSource } from '../../contracts/index.js';
import { deliverStream } from '../../engine/index.js';
import { CollectingWritable } from '../../testing/index.js';
import { drive, failureOf, sampleBytes, thrownBy } from '../spec-support/drive-transform.js';
import { decryptingSource } from './decrypting.source.js';
import { encrypt } from './encrypt.transform.js';
import { keyRing } from './key-ring.js';
import { BytesSource, SOURCE_KINDS } from './spec-support/bytes.source.js';
import { ciphertextOf, KEY_ID, KNOWN_ANSWERS, MASTER_KEY } from './spec-support/known-answers.js';

const key = randomBytes(32);
const keyProvider = keyRing({ current: 'k1', keys: { k1: key } });
const HEADER_BYTES = 84;
const signal = new AbortController().signal;

async function sealed(bytes: Uint8Array, segmentBytes = 64): Promise<Buffer> {
  return (await drive(encrypt({ keyProvider, segmentBytes }), [bytes])).bytes;
}

/** Reads with buffers of one size, as strictly as the engine: every buffer is another's afterwards. */
async function readWith(source: DeliverySource, range: ByteRange | undefined, bufferBytes: number): Promise<Buffer> {
  const reading = await source.read(range);
  if (Array.isArray(reading)) return Buffer.concat(reading);
  const pieces: Buffer[] = [];
  const buffer = Buffer.alloc(bufferBytes);
  const { pull, close } = bound(reading);
  try {
    for (;;) {
      const bytes = await pull(buffer, signal);
      if (bytes === 0) return Buffer.concat(pieces);
      pieces.push(Buffer.from(buffer.subarray(0, bytes)));
      buffer.fill(0xee);
    }
  } finally {
    await close();
  }
}

function bound(reading: ByteSource): PullSource {
  const source = reading as PullSource;
  return { pull: (buffer, given) => source.pull(buffer, given), close: () => source.close() };
}

describe('decryptingSource', () => {
  it.each(SOURCE_KINDS)('gives every range as the plaintext has it, over %s sources', async (kind) => {
    const objects = await Promise.all(
      [
        [0, 64],
        [1, 64],
        [64, 64],
        [65, 64],
        [1_000, 64],
        [1_024, 128],
        [20_000, 1_000],
        [70_000, 65_536],
      ].map(async ([length = 0, segmentBytes]) => {
        const plain = sampleBytes(length, length + 1);
        const stored = new BytesSource(await sealed(plain, segmentBytes), kind, 333);
        return { plain, stored, source: decryptingSource(stored, { keyProvider }) };
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...objects),
        fc.nat(),
        fc.nat(),
        fc.constantFrom(1_000_000, 5_000, 200, 80, 79, 7),
        async ({ plain, source }, a, b, bufferBytes) => {
          if (plain.byteLength === 0) return;
          const [start = 0, end = 0] = [a % plain.byteLength, b % plain.byteLength].sort((x, y) => x - y);
          const bytes = await readWith(source, { start, end }, bufferBytes);
          expect(bytes.equals(plain.subarray(start, end + 1))).toBe(true);
        },
      ),
      { numRuns: 800 },
    );
    for (const { plain, stored, source } of objects) {
      expect((await readWith(source, undefined, 10_000)).equals(plain)).toBe(true);
      expect(await source.stat()).toMatchObject({ size: plain.byteLength });
      expect(stored.openReadings).toBe(0);
    }
  });

  it.each(KNOWN_ANSWERS)('reads the known answer: $name', async (answer) => {
    const known = keyRing({ current: KEY_ID, keys: { [KEY_ID]: MASTER_KEY } });
    const source = decryptingSource(new BytesSource(ciphertextOf(answer)), { keyProvider: known });
    expect((await readWith(source, undefined, 100)).equals(answer.plaintext)).toBe(true);
  });

  it('tells of the plaintext, and passes on what is true of it as well', async () => {
    const info = await decryptingSource(new BytesSource(await sealed(sampleBytes(200))), { keyProvider }).stat();
    expect(info).toEqual({
      key: 'secret/plan.txt',
      size: 200,
      etag: expect.stringMatching(/^d-[\w-]{32}$/),
      lastModified: new Date(0),
      digests: {},
      contentType: 'text/plain',
      metadata: { owner: 'a' },
    });
  });

  it('has one validator for one ciphertext, and another for another', async () => {
    const [one, two] = [await sealed(sampleBytes(200)), await sealed(sampleBytes(200))];
    const etags = [one, one, two].map(async (bytes) => {
      return (await decryptingSource(new BytesSource(bytes), { keyProvider }).stat()).etag;
    });
    const [first, again, other] = await Promise.all(etags);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });

  it('reads the segments of a range and no others', async () => {
    const stored = new BytesSource(await sealed(sampleBytes(10_000), 100));
    const source = decryptingSource(stored, { keyProvider });
    await readWith(source, { start: 250, end: 449 }, 1_000);
    await readWith(source, { start: 9_999, end: 9_999 }, 1_000);
    expect(stored.ranges).toEqual([
      [0, 4_095],
      [84 + 99 * 116, 84 + 100 * 116 - 1],
      [84 + 2 * 116, 84 + 5 * 116 - 1],
      [84 + 99 * 116, 84 + 100 * 116 - 1],
    ]);
  });

  it('opens a small object with one reading, and asks for the key once', async () => {
    let asked = 0;
    const counting = { ...keyProvider, getKey: (id: string) => ((asked += 1), keyProvider.getKey(id)) };
    const stored = new BytesSource(await sealed(sampleBytes(1_000)));
    const source = decryptingSource(stored, { keyProvider: counting });
    await source.stat();
    await source.stat();
    expect(stored.ranges).toEqual([[0, stored.bytes.byteLength - 1]]);
    expect(asked).toBe(1);
  });

  it('delivers through the engine, several readings at once', async () => {
    const plain = sampleBytes(5_000_000);
    const source = decryptingSource(new BytesSource(await sealed(plain, 65_536), 'readable', 70_000), { keyProvider });
    const ranges = [undefined, { start: 1_000_000, end: 3_999_999 }, { start: 70_000, end: 70_009 }];
    await Promise.all(
      ranges.map(async (range) => {
        const destination = new CollectingWritable();
        await deliverStream(source, destination, range === undefined ? {} : { range });
        const expected = range === undefined ? plain : plain.subarray(range.start, range.end + 1);
        expect(destination.bytes.equals(expected)).toBe(true);
      }),
    );
  });

  it.each([
    [-1, 5],
    [5, 4],
    [0, 200],
    [200, 200],
    [0.5, 3],
  ])('refuses the range %d-%d of 200 bytes', async (start, end) => {
    const source = decryptingSource(new BytesSource(await sealed(sampleBytes(200))), { keyProvider });
    expect(await failureOf(source.read({ start, end }))).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  });

  describe('of an object that is not as it was written', () => {
    const plain = sampleBytes(10_000);

    it('finds every cut and every extension before it tells a size', async () => {
      const good = await sealed(sampleBytes(300));
      for (let length = 0; length < good.byteLength; length += 1) {
        const source = decryptingSource(new BytesSource(good.subarray(0, length)), { keyProvider });
        expect(await failureOf(source.stat())).toMatchObject({ code: 'MALFORMED_INPUT' });
      }
      for (const more of [1, 16, 17, 80, 800]) {
        const source = decryptingSource(new BytesSource(Buffer.concat([good, Buffer.alloc(more)])), { keyProvider });
        expect(await failureOf(source.stat())).toMatchObject({ code: 'MALFORMED_INPUT' });
      }
    });

    it('finds a cut between segments, also for a range that lies before it', async () => {
      const good = await sealed(plain, 100);
      for (const segments of [1, 50, 99]) {
        const stored = new BytesSource(good.subarray(0, HEADER_BYTES + segments * 116));
        const source = decryptingSource(stored, { keyProvider });
        expect(await failureOf(source.read({ start: 0, end: 9 }))).toMatchObject({
          code: 'MALFORMED_INPUT',
          message: `decrypt: the last segment (${segments - 1}) does not verify: the input was cut short, extended or damaged`,
        });
      }
    });

    it('finds every changed byte, at the latest when its segment is read, and reads the other segments', async () => {
      const good = await sealed(sampleBytes(300));
      const count = 5;
      for (let at = 0; at < good.byteLength; at += 1) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ 0x10;
        const source = decryptingSource(new BytesSource(bad), { keyProvider });
        const segment = Math.floor((at - HEADER_BYTES) / 80);
        if (at < HEADER_BYTES || segment === count - 1) {
          expect(await failureOf(source.stat())).toMatchObject({ code: 'MALFORMED_INPUT' });
          continue;
        }
        const inside = { start: segment * 64 + 10, end: segment * 64 + 10 };
        expect(await failureOf(readWith(source, inside, 1_000))).toMatchObject({
          code: 'MALFORMED_INPUT',
          message: `decrypt: segment ${segment} does not verify: it was damaged, moved, or is of another object`,
        });
        const other = ((segment + 1) % (count - 1)) * 64;
        expect(await readWith(source, { start: other, end: other + 63 }, 1_000)).toHaveLength(64);
      }
    });

    it.each([
      [1_000_000, 0],
      [300, 600],
      [50, 700],
    ])('hands on nothing of the damaged segment (buffers of %i)', async (size, expectedBytes) => {
      const bad = await sealed(plain, 100);
      const damagedAt = HEADER_BYTES + 7 * 116 + 3;
      bad.fill(bad.readUInt8(damagedAt) ^ 1, damagedAt, damagedAt + 1);
      const source = decryptingSource(new BytesSource(bad), { keyProvider });
      const reading = (await source.read(undefined)) as PullSource;
      const received: Buffer[] = [];
      const run = async (): Promise<void> => {
        for (;;) {
          const buffer = Buffer.alloc(size);
          const bytes = await reading.pull(buffer, signal);
          received.push(buffer.subarray(0, bytes));
        }
      };
      expect(await failureOf(run())).toMatchObject({ code: 'MALFORMED_INPUT' });
      await reading.close();
      const bytes = Buffer.concat(received);
      expect(bytes.equals(plain.subarray(0, expectedBytes))).toBe(true);
    });

    it('finds segments that were swapped, and those of another object', async () => {
      const [good, other] = [await sealed(plain, 100), await sealed(plain, 100)];
      const [second, third] = [HEADER_BYTES + 116, HEADER_BYTES + 2 * 116];
      const swapped = Buffer.from(good);
      good.copy(swapped, second, third, third + 116);
      good.copy(swapped, third, second, third);
      const spliced = Buffer.from(good);
      other.copy(spliced, second, second, third);
      for (const bad of [swapped, spliced]) {
        const source = decryptingSource(new BytesSource(bad), { keyProvider });
        expect(await failureOf(readWith(source, { start: 110, end: 110 }, 10))).toMatchObject({
          code: 'MALFORMED_INPUT',
        });
      }
    });

    it.each(SOURCE_KINDS)('finds a %s reading that gives fewer or more bytes than it covers', async (kind) => {
      const good = await sealed(plain, 100);
      for (const change of [-1, 1]) {
        const stored = new (class extends BytesSource {
          change = 0;
          protected override give(bytes: Buffer): ByteSource {
            const padded = Buffer.concat([bytes, Buffer.alloc(1)]);
            return super.give(padded.subarray(0, bytes.byteLength + this.change));
          }
        })(good, kind);
        const source = decryptingSource(stored, { keyProvider });
        await source.stat();
        stored.change = change;
        expect(await failureOf(readWith(source, { start: 500, end: 2_000 }, 1_000_000))).toMatchObject({
          code: 'LENGTH_MISMATCH',
          message: `decrypt: the source gave ${change < 0 ? 'fewer' : 'more'} bytes than it announced`,
        });
        // A stream says a turn later that it was closed.
        await new Promise(setImmediate);
        expect(stored.openReadings).toBe(0);
      }
    });
  });

  it('fails for another key and an unknown key id, and works once the key is there', async () => {
    const stored = new BytesSource(await sealed(sampleBytes(200)));
    const wrong = keyRing({ current: 'k1', keys: { k1: randomBytes(32) } });
    expect(await failureOf(decryptingSource(stored, { keyProvider: wrong }).stat())).toMatchObject({
      code: 'MALFORMED_INPUT',
      message: 'decrypt: the header does not verify: it was changed, or encrypted with another key',
    });
    const keys = new Map<string, Buffer>();
    const late = { ...keyProvider, getKey: (id: string) => keys.get(id) };
    const source = decryptingSource(stored, { keyProvider: late });
    expect(await failureOf(source.stat())).toMatchObject({
      code: 'MALFORMED_INPUT',
      message: 'decrypt: there is no key k1',
    });
    keys.set('k1', key);
    expect(await source.stat()).toMatchObject({ size: 200 });
  });

  it('names a failure of the provider and one of the source', async () => {
    const stored = new BytesSource(await sealed(sampleBytes(200)));
    const cause = new Error('no route');
    const failing = { ...keyProvider, getKey: () => Promise.reject(cause) };
    expect(await failureOf(decryptingSource(stored, { keyProvider: failing }).stat())).toMatchObject({
      code: 'SOURCE_FAILED',
      message: 'decrypt: the key provider failed',
      cause,
    });
    stored.read = () => Promise.reject(cause);
    expect(await failureOf(decryptingSource(stored, { keyProvider }).stat())).toMatchObject({
      code: 'SOURCE_FAILED',
      message: 'decrypt: the source of the ciphertext failed',
      cause,
    });
    stored.read = () => Promise.resolve(Readable.from([Buffer.alloc(3), 'text']));
    expect(await failureOf(decryptingSource(stored, { keyProvider }).stat())).toMatchObject({ code: 'SOURCE_FAILED' });
  });

  it('is not let down by a Readable that fails before it is read', async () => {
    const stored = new BytesSource(await sealed(sampleBytes(10_000), 100));
    const source = decryptingSource(stored, { keyProvider });
    await source.stat();
    const cause = new Error('reset');
    const broken = new Readable({ read: () => undefined });
    stored.read = () => Promise.resolve(broken);
    const reading = (await source.read(undefined)) as PullSource;
    broken.destroy(cause);
    await new Promise(setImmediate);
    const error = await failureOf(Promise.resolve(reading.pull(Buffer.alloc(1_000), signal)));
    expect(error).toMatchObject({ code: 'SOURCE_FAILED', cause });
    await reading.close();
  });

  it.each<[string, () => ByteSource]>([
    ['Readable', () => new Readable({ read: () => undefined })],
    ['web stream', () => new ReadableStream<Uint8Array>() as ByteSource],
    ['iterable', () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) })],
  ])('lets go of a %s that gives nothing once it is aborted', async (_what, stalled) => {
    const stored = new BytesSource(await sealed(sampleBytes(10_000), 100));
    const source = decryptingSource(stored, { keyProvider });
    await source.stat();
    stored.read = () => Promise.resolve(stalled());
    const reading = (await source.read(undefined)) as PullSource;
    const abort = new AbortController();
    const pulling = reading.pull(Buffer.alloc(1_000), abort.signal);
    setImmediate(() => abort.abort('enough'));
    expect(await failureOf(Promise.resolve(pulling))).toMatchObject({ code: 'ABORTED', cause: 'enough' });
    await reading.close();
  });

  it('does not begin for a signal that has fired', async () => {
    const stored = new BytesSource(await sealed(sampleBytes(200)));
    const source = decryptingSource(stored, { keyProvider });
    expect(await failureOf(source.read(undefined, AbortSignal.abort()))).toMatchObject({ code: 'ABORTED' });
    expect(stored.ranges).toEqual([]);
  });

  it('closes the source it was given, and lets readings go on', async () => {
    const plain = sampleBytes(300);
    const stored = new BytesSource(await sealed(plain));
    const source = decryptingSource(stored, { keyProvider });
    const reading = (await source.read(undefined)) as PullSource;
    await source.close();
    expect(stored.closed).toBe(1);
    const buffer = Buffer.alloc(1_000);
    expect(await reading.pull(buffer, signal)).toBe(300);
    expect(buffer.subarray(0, 300).equals(plain)).toBe(true);
    await reading.close();
    expect(await failureOf(source.stat())).toMatchObject({ code: 'SOURCE_CLOSED' });
    expect(await failureOf(source.read(undefined))).toMatchObject({ code: 'SOURCE_CLOSED' });
  });

  it('is refused without a key provider', () => {
    const options = {} as Parameters<typeof decryptingSource>[1];
    expect(thrownBy(() => decryptingSource(new BytesSource(Buffer.alloc(0)), options))).toMatchObject({
      code: 'INVALID_OPTION',
      message: 'decryptingSource: keyProvider must be an object with getCurrentKey and getKey, got undefined',
    });
  });
});
