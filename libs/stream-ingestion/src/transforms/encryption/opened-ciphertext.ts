import { createHash } from 'node:crypto';

import { StreamIngestionError, type DeliverySource, type ObjectInfo } from '../../contracts/index.js';
import { asSourceFailure, readerOf, throwIfAborted, type ByteReader } from './byte-reader.js';
import { FIXED_HEADER_BYTES, malformed, TAG_BYTES } from './ciphertext-format.js';
import { segmentsIn } from './ciphertext-size.js';
import { headerBytesIn, parseHeader, type ParsedHeader } from './encryption-header.js';
import type { EncryptionKeyProvider } from './encryption-key-provider.js';
import { dataKeyFor } from './key-lookup.js';
import { SegmentCipher } from './segment-cipher.js';

/** Read first: more than any header, so that a small object is opened with one reading. */
const HEAD_BYTES = 4096;

/** A ciphertext whose header, key and end were verified. */
export interface OpenedCiphertext {
  /** Of the plaintext. */
  readonly info: ObjectInfo;
  readonly cipher: SegmentCipher;
  readonly ciphertextBytes: number;
  readonly headerBytes: number;
  readonly segmentBytes: number;
  /** 1 or more. */
  readonly segmentCount: number;
}

/**
 * Reads the header and the last segment. As the last segment verifies only under its index and as the last one, the
 * number of segments, and with it the size of the plaintext, is the one that was written.
 *
 * @throws MALFORMED_INPUT, SOURCE_FAILED, ABORTED, LENGTH_MISMATCH, or what the source throws.
 */
export async function openCiphertext(
  source: DeliverySource,
  keyProvider: EncryptionKeyProvider,
  signal: AbortSignal | undefined,
): Promise<OpenedCiphertext> {
  const stored = await source.stat(signal).catch(rethrow);
  const { size } = stored;
  const head = await readSpan(source, 0, Math.min(size, HEAD_BYTES), signal);
  const header = headerOf(head);
  const dataKey = await dataKeyFor({ keyProvider, failureCode: 'SOURCE_FAILED', signal }, header);
  const { segmentBytes, byteLength: headerBytes } = header;
  const { count, plaintextBytes } = segmentsIn(size, headerBytes, segmentBytes);
  const lastAt = headerBytes + (count - 1) * (segmentBytes + TAG_BYTES);
  const last = size === head.byteLength ? head.subarray(lastAt) : await readSpan(source, lastAt, size, signal);
  const cipher = new SegmentCipher(dataKey, header.noncePrefix);
  cipher.open(count - 1, true, [last]);
  const info = { ...stored, size: plaintextBytes, etag: validatorOf(stored, header), digests: {} };
  return { info, cipher, ciphertextBytes: size, headerBytes, segmentBytes, segmentCount: count };
}

/**
 * Opens bytes `start` up to but without `end`.
 *
 * @throws what the source throws, SOURCE_FAILED around what is foreign.
 */
export async function openReader(
  source: DeliverySource,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<ByteReader> {
  throwIfAborted(signal);
  return readerOf(await source.read({ start, end: end - 1 }, signal).catch(rethrow));
}

/** @throws LENGTH_MISMATCH, always: a reading gave fewer or more bytes than it covers. */
export function refuseLength(what: 'fewer' | 'more'): never {
  throw new StreamIngestionError('LENGTH_MISMATCH', `decrypt: the source gave ${what} bytes than it announced`, {
    operation: 'decrypt.read',
  });
}

async function readSpan(
  source: DeliverySource,
  start: number,
  end: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  if (bytes.byteLength === 0) return bytes;
  const reader = await openReader(source, start, end, signal);
  try {
    if ((await reader.read(bytes, signal)) < bytes.byteLength) refuseLength('fewer');
    if ((await reader.read(Buffer.alloc(1), signal)) > 0) refuseLength('more');
  } finally {
    await reader.close();
  }
  return bytes;
}

function headerOf(head: Buffer): ParsedHeader {
  const complete = head.byteLength >= FIXED_HEADER_BYTES && head.byteLength >= headerBytesIn(head);
  if (complete) return parseHeader(head);
  throw malformed('decrypt.header', 'the input ends within its header', { bytes: head.byteLength });
}

/** Another one whenever the ciphertext is another, and never the one of the ciphertext. */
function validatorOf({ etag }: ObjectInfo, { fields }: ParsedHeader): string {
  const digest = createHash('sha256')
    .update('plaintext of ')
    .update(etag)
    .update('\0')
    .update(fields)
    .digest('base64url');
  return `d-${digest.slice(0, 32)}`;
}

function rethrow(error: unknown): never {
  throw asSourceFailure(error);
}
