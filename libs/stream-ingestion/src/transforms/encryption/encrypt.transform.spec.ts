import { createSecretKey, randomBytes } from 'node:crypto';

import fc from 'fast-check';

import { StreamIngestionError, type ByteTransform } from '../../contracts/index.js';
import { ingestStream } from '../../engine/index.js';
import { cut, drive, failureOf, sampleBytes, thrownBy } from '../spec-support/drive-transform.js';
import { decrypt } from './decrypt.transform.js';
import { encrypt, type EncryptOptions } from './encrypt.transform.js';
import type { EncryptionKeyProvider } from './encryption-key-provider.js';
import { keyRing } from './key-ring.js';

const key = randomBytes(32);
const keyProvider = keyRing({ current: 'k2', keys: { k1: randomBytes(32), k2: key } });

function factsOf(transform: ByteTransform): unknown {
  return transform.result?.().facts;
}

describe('encrypt and decrypt', () => {
  it('give back the bytes, whatever their number, the segments and the chunks', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom(0, 64, 128, 1_000, 2_000, 4_000)),
        fc.constantFrom(64, 65, 1_000, 4_096, 65_536),
        sizes,
        sizes,
        async (length, segmentBytes, encryptChunks, decryptChunks) => {
          const bytes = sampleBytes(length);
          const sealed = await drive(encrypt({ keyProvider, segmentBytes }), cut(bytes, encryptChunks));
          const opened = await drive(decrypt({ keyProvider }), cut(sealed.bytes, decryptChunks));
          expect(opened.bytes.equals(bytes)).toBe(true);
          expect(sealed.bytes.byteLength).toBe(84 + length + 16 * Math.max(1, Math.ceil(length / segmentBytes)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('take single bytes', async () => {
    const bytes = sampleBytes(200);
    const sealed = await drive(encrypt({ keyProvider, segmentBytes: 64 }), cut(bytes, [1]));
    expect((await drive(decrypt({ keyProvider }), cut(sealed.bytes, [1]))).bytes.equals(bytes)).toBe(true);
  });

  it('run in the engine, from a source whose buffers are used again', async () => {
    const bytes = sampleBytes(3_000_001);
    let offset = 0;
    const source = {
      pull(buffer: Uint8Array): number {
        const read = bytes.copy(buffer, 0, offset, offset + 100_000);
        offset += read;
        return read;
      },
      close: (): void => undefined,
    };
    const written: Buffer[] = [];
    const sink = {
      write: (chunk: Uint8Array): void => void written.push(Buffer.from(chunk)),
      finalize: (): Buffer => Buffer.concat(written),
      abort: (): void => undefined,
    };
    const transforms = [encrypt({ keyProvider }), decrypt({ keyProvider })];
    const report = await ingestStream(source, sink, { transforms, digests: ['sha256'] });
    expect(report.result.equals(bytes)).toBe(true);
    expect(report.transforms.map(({ name, facts }) => ({ name, facts }))).toEqual([
      { name: 'encrypt', facts: { keyId: 'k2', segmentBytes: 65_536, segments: 46 } },
      { name: 'decrypt', facts: { keyId: 'k2', segmentBytes: 65_536, segments: 46 } },
    ]);
  });
});

describe('encrypt', () => {
  it('never makes the same ciphertext twice', async () => {
    const [first, second] = await Promise.all([0, 1].map(() => drive(encrypt({ key }), [Buffer.alloc(1_000)])));
    const bodies = [first, second].map((sealed) => sealed?.bytes.subarray(89).toString('hex'));
    expect(bodies[0]).not.toBe(bodies[1]);
    expect(first?.bytes.subarray(18, 50).equals(second?.bytes.subarray(18, 50) ?? Buffer.alloc(0))).toBe(false);
  });

  it.each<[string, EncryptOptions, string]>([
    ['the current key of the provider', { keyProvider }, 'k2'],
    ['another key of the provider', { keyProvider, keyId: 'k1' }, 'k1'],
    ['one key', { key }, 'default'],
    ['one key with an id', { key, keyId: 'k2' }, 'k2'],
    ['a KeyObject', { key: createSecretKey(key), keyId: 'k2' }, 'k2'],
  ])('uses %s, and says which', async (_what, options, keyId) => {
    const transform = encrypt(options);
    const { bytes } = await drive(transform, [Buffer.from('hello')]);
    expect(factsOf(transform)).toEqual({ keyId, segmentBytes: 65_536, segments: 1 });
    expect(bytes.toString('latin1', 11, 11 + keyId.length)).toBe(keyId);
    const provider = keyId === 'default' ? keyRing({ current: 'default', keys: { default: key } }) : keyProvider;
    expect((await drive(decrypt({ keyProvider: provider }), [bytes])).bytes.toString()).toBe('hello');
  });

  it('keeps a copy of the key it was given', async () => {
    const lent = Buffer.from(key);
    const transform = encrypt({ key: lent, keyId: 'k2' });
    lent.fill(0);
    const { bytes } = await drive(transform, [Buffer.from('hello')]);
    expect((await drive(decrypt({ keyProvider }), [bytes])).bytes.toString()).toBe('hello');
  });

  it('asks the provider once, with the signal of the transfer, and waits for the answer', async () => {
    const asked: unknown[] = [];
    const slow: EncryptionKeyProvider = {
      getCurrentKey: async (signal) => {
        asked.push(signal);
        await new Promise(setImmediate);
        return { id: 'k2', key };
      },
      getKey: () => undefined,
    };
    await drive(encrypt({ keyProvider: slow }), [Buffer.from('a'), Buffer.from('b')]);
    expect(asked).toEqual([expect.any(AbortSignal)]);
  });

  it.each<[string, EncryptOptions, string]>([
    ['segments too small', { key, segmentBytes: 63 }, 'segmentBytes must be an integer from 64 to 1048576, got 63'],
    [
      'segments too large',
      { key, segmentBytes: 1_048_577 },
      'segmentBytes must be an integer from 64 to 1048576, got 1048577',
    ],
    [
      'a segment size that is no integer',
      { key, segmentBytes: 64.5 },
      'segmentBytes must be an integer from 64 to 1048576, got 64.5',
    ],
    ['an empty key id', { key, keyId: '' }, 'keyId must be 1 to 255 visible ASCII characters, got ""'],
    ['a key id with a space', { key, keyId: 'a b' }, 'keyId must be 1 to 255 visible ASCII characters, got "a b"'],
    ['a key id beyond ASCII', { key, keyId: 'ä' }, 'keyId must be 1 to 255 visible ASCII characters, got "ä"'],
    [
      'a key that is too short',
      { key: key.subarray(1) },
      'keys[default] must be 32 bytes, or a secret KeyObject of that size, got 31 bytes',
    ],
    [
      'neither key nor provider',
      {} as EncryptOptions,
      'keyProvider must be an object with getCurrentKey and getKey, got undefined',
    ],
    [
      'both',
      { key, keyProvider } as unknown as EncryptOptions,
      'key must be absent where there is a keyProvider, got object',
    ],
  ])('refuses %s', (_what, options, message) => {
    expect(thrownBy(() => encrypt(options))).toMatchObject({ code: 'INVALID_OPTION' });
    expect((thrownBy(() => encrypt(options)) as Error).message).toMatch(new RegExp(`: ${escaped(message)}$`));
  });

  it('takes a key id of 255 characters and none of 256', async () => {
    const keyId = 'i'.repeat(255);
    const { bytes } = await drive(encrypt({ key, keyId }), []);
    expect(bytes.byteLength).toBe(337 + 16);
    const provider = keyRing({ current: keyId, keys: { [keyId]: key } });
    expect((await drive(decrypt({ keyProvider: provider }), [bytes])).bytes.byteLength).toBe(0);
    expect(thrownBy(() => encrypt({ key, keyId: `${keyId}i` }))).toMatchObject({ code: 'INVALID_OPTION' });
  });

  it.each<[string, Partial<EncryptionKeyProvider>, string | undefined, object]>([
    [
      'the provider fails',
      { getCurrentKey: () => Promise.reject(new Error('no route')) },
      undefined,
      { code: 'TRANSFORM_FAILED', retry: 'maybe', message: 'encrypt: the key provider failed' },
    ],
    [
      'the provider fails in the words of this library',
      { getCurrentKey: () => Promise.reject(new StreamIngestionError('STORE_UNAVAILABLE', 'sealed')) },
      undefined,
      { code: 'STORE_UNAVAILABLE', message: 'sealed' },
    ],
    [
      'the provider lacks the key',
      { getKey: () => undefined },
      'k9',
      { code: 'TRANSFORM_FAILED', retry: 'never', message: 'encrypt: the key provider has no key k9' },
    ],
    [
      'the key of the provider is none',
      { getCurrentKey: () => ({ id: 'k', key: Buffer.alloc(16) }) },
      undefined,
      { code: 'INVALID_OPTION' },
    ],
    [
      'the id of the provider is none',
      { getCurrentKey: () => ({ id: 'a\nb', key }) },
      undefined,
      { code: 'INVALID_OPTION' },
    ],
  ])('fails before the first byte where %s', async (_what, provider, keyId, expected) => {
    const transform = encrypt({ keyProvider: { ...keyProvider, ...provider }, ...(keyId && { keyId }) });
    const emit = (): void => {
      throw new Error('nothing may come out');
    };
    const { signal } = new AbortController();
    expect(await failureOf(transform.transform(Buffer.from('a'), emit, signal))).toMatchObject(expected);
  });
});

function escaped(text: string): string {
  return text.replace(/[[\]().]/g, '\\$&');
}
