import assert from 'node:assert/strict';

import {
  isStreamIngestionError,
  type ByteRange,
  type CreateSinkOptions,
  type DeliverySource,
  type DigestAlgorithm,
  type ErrorCode,
  type IngestionReport,
  type IngestionSink,
  type ListOptions,
  type ObjectInfo,
  type Store,
  type StoredObject,
} from '../../contracts/index.js';
import { deliverStream, ingestStream } from '../../engine/index.js';
import { Pattern } from '../pattern/pattern.js';
import { patternSource } from '../pattern/pattern-sources.js';
import { CollectingWritable } from '../streams/collecting-writable.js';

/** For calls to a sink that nobody aborts. */
export const neverAborted = (): AbortSignal => new AbortController().signal;

export interface PutOptions extends CreateSinkOptions {
  /** Of the pattern. Default: 1. */
  readonly seed?: number;
  readonly digests?: readonly DigestAlgorithm[];
}

/** Stores `size` bytes of a pattern through the engine. */
export async function put(
  store: Store,
  key: string,
  size: number,
  { seed = 1, digests = [], ...options }: PutOptions = {},
): Promise<IngestionReport<StoredObject>> {
  const sink = await store.createSink(key, options);
  return ingestStream(patternSource(size, seed), sink, { digests });
}

/** Reads from an open source through the engine. */
export async function readFrom(source: DeliverySource, range?: ByteRange): Promise<Buffer> {
  const destination = new CollectingWritable();
  await deliverStream(source, destination, { range });
  return destination.bytes;
}

/** Opens, reads and closes. */
export async function readObject(store: Store, key: string, range?: ByteRange): Promise<Buffer> {
  const source = await store.open(key);
  try {
    return await readFrom(source, range);
  } finally {
    await source.close();
  }
}

export async function statObject(store: Store, key: string): Promise<ObjectInfo> {
  const source = await store.open(key);
  try {
    return await source.stat();
  } finally {
    await source.close();
  }
}

/** Every key, page after page. */
export async function listKeys(store: Store, options: ListOptions = {}): Promise<string[]> {
  const keys: string[] = [];
  let { cursor } = options;
  do {
    const page = await store.list({ ...options, ...(cursor === undefined ? {} : { cursor }) });
    keys.push(...page.objects.map((object) => object.key));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return keys;
}

/** Writes one piece of a pattern to a sink, without the engine. */
export async function writePattern(sink: IngestionSink, size: number, seed: number, offset = 0): Promise<void> {
  await sink.write(new Pattern(seed).bytes(size, offset), neverAborted());
}

export async function assertFails(promise: Promise<unknown>, ...codes: readonly ErrorCode[]): Promise<void> {
  const outcome = await promise.then(
    () => 'success',
    (error: unknown) => (isStreamIngestionError(error) ? error.code : String(error)),
  );
  assert.ok(
    codes.some((code) => code === outcome),
    `expected ${codes.join(' or ')}, but it was ${outcome}`,
  );
}

/** A message instead of megabytes of hexadecimal. */
export function assertSameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  assert.equal(actual.byteLength, expected.byteLength, `${what}: number of bytes`);
  const difference = Buffer.compare(actual, expected);
  assert.equal(difference, 0, `${what}: the bytes differ`);
}

export function assertPattern(actual: Uint8Array, size: number, seed: number, offset = 0): void {
  assertSameBytes(actual, new Pattern(seed).bytes(size, offset), `pattern ${seed} from ${offset}`);
}
