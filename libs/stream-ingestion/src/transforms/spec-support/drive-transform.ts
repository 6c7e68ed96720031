import type { ByteTransform, Emit } from '../../contracts/index.js';

export interface Driven {
  /** Everything that came out. */
  readonly bytes: Buffer;
  /** Copies, one for each `emit`. */
  readonly pieces: readonly Buffer[];
}

/**
 * Runs a transform over chunks as the engine does, and as strictly: one call at a time, each chunk overwritten once
 * its call has settled, `destroy` at the end however it ended. `emit` waits a turn of the event loop.
 */
export async function drive(transform: ByteTransform, chunks: Iterable<Uint8Array>): Promise<Driven> {
  const { signal } = new AbortController();
  const pieces: Buffer[] = [];
  const emit: Emit = async (piece) => {
    pieces.push(Buffer.from(piece));
    await new Promise(setImmediate);
  };
  try {
    for (const chunk of chunks) {
      const lent = Uint8Array.from(chunk);
      await transform.transform(lent, emit, signal);
      lent.fill(0xee);
    }
    await transform.flush?.(emit, signal);
  } finally {
    transform.destroy?.();
  }
  return { bytes: Buffer.concat(pieces), pieces };
}

/** Cuts bytes into chunks of these sizes, over and over; no sizes: one chunk. */
export function cut(bytes: Uint8Array, sizes: readonly number[] = []): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const cycle = sizes.some((size) => size > 0) ? sizes : [Math.max(1, bytes.byteLength)];
  let offset = 0;
  for (let turn = 0; offset < bytes.byteLength; turn += 1) {
    const end = offset + (cycle[turn % cycle.length] ?? 0);
    chunks.push(bytes.subarray(offset, end));
    offset = end;
  }
  return chunks;
}

/** Bytes that compress about as text does, the same for the same arguments. */
export function sampleBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const repeats = state >>> 31 === 1 && index >= 64;
    bytes[index] = repeats ? (bytes[index - 64] ?? 0) : (state >>> 16) & 0xff;
  }
  return bytes;
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown> | void): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** What a function throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}
