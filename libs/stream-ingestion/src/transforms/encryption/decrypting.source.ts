import {
  StreamIngestionError,
  type ByteRange,
  type ByteSource,
  type DeliverySource,
  type ObjectInfo,
} from '../../contracts/index.js';
import { throwIfAborted } from './byte-reader.js';
import { TAG_BYTES } from './ciphertext-format.js';
import { DecryptedReading } from './decrypted-reading.js';
import type { DecryptOptions } from './decrypt.transform.js';
import type { EncryptionKeyProvider } from './encryption-key-provider.js';
import { requireKeyProvider } from './key-checks.js';
import { openCiphertext, openReader, type OpenedCiphertext } from './opened-ciphertext.js';

/**
 * The plaintext of an encrypted object as a delivery source of its own, ranges included. A range reads, verifies and
 * decrypts only the segments in which it lies.
 *
 *     const source = decryptingSource(await store.open(key), { keyProvider });
 *
 * The first `stat` or `read` verifies the header and the last segment, hence also that nothing is missing at the end:
 * the size it tells is the size that was encrypted. What lies between is verified when it is read, and before any byte
 * of it is handed on. The validator is not the one of the ciphertext; digests of the ciphertext are left out; all
 * else of `stat` is passed on. Takes the source over: closing this one closes it.
 *
 * Errors: INVALID_OPTION at construction. `stat` and `read`: MALFORMED_INPUT for what is no ciphertext, of an unknown
 * or another key, cut short, extended or damaged; SOURCE_FAILED where the provider fails; RANGE_NOT_SATISFIABLE;
 * SOURCE_CLOSED after `close`; and what the source throws. While reading: MALFORMED_INPUT at the segment that does not
 * verify; LENGTH_MISMATCH where the source gives fewer or more bytes than it announced.
 *
 * Concurrency: as any delivery source; readings do not disturb each other.
 */
export function decryptingSource(source: DeliverySource, options: DecryptOptions): DeliverySource {
  return new DecryptingSource(source, requireKeyProvider('decryptingSource', options.keyProvider));
}

class DecryptingSource implements DeliverySource {
  readonly #source: DeliverySource;
  readonly #keyProvider: EncryptionKeyProvider;
  #opened: OpenedCiphertext | undefined;
  #closed = false;

  constructor(source: DeliverySource, keyProvider: EncryptionKeyProvider) {
    this.#source = source;
    this.#keyProvider = keyProvider;
  }

  async stat(signal?: AbortSignal): Promise<ObjectInfo> {
    return (await this.#open(signal)).info;
  }

  async read(range: ByteRange | undefined, signal?: AbortSignal): Promise<ByteSource> {
    const opened = await this.#open(signal);
    const { start, end } = spanOf(range, opened.info.size);
    if (start === end) return [];
    const { headerBytes, segmentBytes, ciphertextBytes } = opened;
    const sealedBytes = segmentBytes + TAG_BYTES;
    const firstSegment = Math.floor(start / segmentBytes);
    const from = headerBytes + firstSegment * sealedBytes;
    const to = Math.min(headerBytes + Math.ceil(end / segmentBytes) * sealedBytes, ciphertextBytes);
    return new DecryptedReading({
      opened,
      reader: await openReader(this.#source, from, to, signal),
      ciphertextBytes: to - from,
      firstSegment,
      skipBytes: start - firstSegment * segmentBytes,
      plaintextBytes: end - start,
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#source.close();
  }

  /** Concurrent first calls each open for themselves: what aborts one does not fail the other. */
  async #open(signal: AbortSignal | undefined): Promise<OpenedCiphertext> {
    throwIfAborted(signal);
    if (this.#closed) {
      throw new StreamIngestionError('SOURCE_CLOSED', 'the source was closed', {
        operation: 'decrypt.open',
        retry: 'never',
      });
    }
    this.#opened ??= await openCiphertext(this.#source, this.#keyProvider, signal);
    return this.#opened;
  }
}

function spanOf(range: ByteRange | undefined, size: number): { readonly start: number; readonly end: number } {
  if (range === undefined) return { start: 0, end: size };
  const { start, end } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start && end < size) {
    return { start, end: end + 1 };
  }
  throw new StreamIngestionError('RANGE_NOT_SATISFIABLE', 'the range does not lie within the object', {
    operation: 'decrypt.read',
    context: { start, end, size },
  });
}
