import type { Transform as NodeTransform } from 'node:stream';

import type { Digests } from './digest.js';

/**
 * Hands bytes on. Where it returns a promise the rest of the chain is busy: await it before emitting more.
 *
 * With `giveBack` the chunk is lent: it is called once, when nobody reads the chunk's memory any more, which may be
 * long after the promise. The memory (its ArrayBuffer) is lent to one `emit` at a time, and must not be read or filled
 * before that. A caller other than the engine may never call it; the memory is then left to the garbage collector.
 */
export type Emit = (chunk: Uint8Array, giveBack?: () => void) => Promise<void> | void;

/** What a transform may say of itself when it is done. */
export interface TransformResult {
  /** Digests over the bytes that went through it. */
  readonly digests?: Digests;
  /** Any other facts, for the report. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A byte stream in, a byte stream out; works alike on the way in and on the way out. One instance serves one transfer.
 *
 * The engine calls `transform` for each chunk and `flush` after the last, never two at a time, and `destroy` exactly
 * once when the transfer has ended in any way.
 *
 * - **Chunk ownership.** The incoming chunk may be read until the promise returned by `transform` settles; it may be emitted, whole or as a
 *   `subarray`, without a copy. A transform that keeps bytes for a later call copies them. It never changes a chunk.
 * - A chunk that was emitted belongs to the engine from then on: the transform does not touch that memory again, or not
 *   before it was given back where it was lent.
 */
export interface ByteTransform {
  /** For reports and metrics: a short word, the same for every instance. */
  readonly name: string;
  transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> | void;
  flush?(emit: Emit, signal: AbortSignal): Promise<void> | void;
  /** Asked once, after `flush`. */
  result?(): TransformResult;
  destroy?(reason?: unknown): void;
}

/** A transform of this library, or a plain Node.js Transform (or Duplex) in byte mode. */
export type Transform = ByteTransform | NodeTransform;
