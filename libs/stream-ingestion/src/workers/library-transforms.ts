import { StreamIngestionError, type ByteTransform } from '../contracts/index.js';
import {
  brotliCompress,
  brotliDecompress,
  byteLimit,
  decrypt,
  deflate,
  digest,
  encrypt,
  gunzip,
  gzip,
  inflate,
  keyRing,
  type BrotliCompressOptions,
  type ByteLimitOptions,
  type DecompressionOptions,
  type DeflateOptions,
  type DigestOptions,
  type EncryptOptions,
  type KeyRingOptions,
} from '../transforms/index.js';

/** A key provider is a function and cannot go to another thread: the keys themselves do. */
interface KeyRingAsData {
  /** What `keyRing` takes. */
  readonly keyRing?: KeyRingOptions;
}

type Factory = (options: unknown) => ByteTransform;

/**
 * The library's own transforms by the names of the functions that make them. What takes a function or shares state
 * between transfers (throttle, progress) has no place in a worker. Each function checks its options itself.
 */
const FACTORIES: Readonly<Record<string, Factory>> = {
  gzip: (options) => gzip(options as DeflateOptions | undefined),
  gunzip: (options) => gunzip(options as DecompressionOptions | undefined),
  deflate: (options) => deflate(options as DeflateOptions | undefined),
  inflate: (options) => inflate(options as DecompressionOptions | undefined),
  brotliCompress: (options) => brotliCompress(options as BrotliCompressOptions | undefined),
  brotliDecompress: (options) => brotliDecompress(options as DecompressionOptions | undefined),
  digest: (options) => digest((options ?? {}) as DigestOptions),
  encrypt: (options) => encrypt(withKeyProvider(options) as EncryptOptions),
  decrypt: (options) => decrypt(withKeyProvider(options) as Parameters<typeof decrypt>[0]),
  byteLimit: (options) => byteLimit((options ?? {}) as ByteLimitOptions),
};

export const LIBRARY_TRANSFORM_NAMES: readonly string[] = Object.keys(FACTORIES);

/** @throws INVALID_OPTION for an unknown name, and whatever the function of that name throws. */
export function createLibraryTransform(name: string, options: unknown): ByteTransform {
  const factory = Object.hasOwn(FACTORIES, name) ? FACTORIES[name] : undefined;
  if (factory === undefined) {
    throw new StreamIngestionError(
      'INVALID_OPTION',
      `offload: unknown transform "${String(name)}"; known: ${LIBRARY_TRANSFORM_NAMES.join(', ')}`,
      { operation: 'offload.create' },
    );
  }
  return factory(options);
}

function withKeyProvider(options: unknown): object {
  const { keyRing: keys, ...rest } = (options ?? {}) as KeyRingAsData;
  return keys === undefined ? rest : { ...rest, keyProvider: keyRing(keys) };
}
