import {
  StreamIngestionError,
  type ByteRange,
  type DeliverySource,
  type ObjectInfo,
  type PullSource,
} from '../../contracts/index.js';
import { spanOf, throwIfAborted, type ByteSpan } from '../../store-kit/index.js';
import type { MemoryObject } from './memory-object.js';

/** One version of one object. */
export class MemorySource implements DeliverySource {
  #object: MemoryObject | undefined;

  constructor(object: MemoryObject) {
    this.#object = object;
  }

  stat(): Promise<ObjectInfo> {
    return Promise.resolve().then(() => this.#requireOpen('memory.stat').info);
  }

  // Async, so that what it throws is a rejection.
  async read(range: ByteRange | undefined, signal?: AbortSignal): Promise<PullSource> {
    throwIfAborted(signal, 'memory.read');
    const { info, chunks } = this.#requireOpen('memory.read');
    return Promise.resolve(new ChunkReading(chunks, spanOf(range, info.size)));
  }

  close(): Promise<void> {
    this.#object = undefined;
    return Promise.resolve();
  }

  #requireOpen(operation: string): MemoryObject {
    if (this.#object !== undefined) return this.#object;
    throw new StreamIngestionError('SOURCE_CLOSED', 'the source was closed', { operation, retry: 'never' });
  }
}

class ChunkReading implements PullSource {
  #chunks: readonly Uint8Array[];
  #index = 0;
  #offsetInChunk: number;
  #remaining: number;

  constructor(chunks: readonly Uint8Array[], { start, end }: ByteSpan) {
    this.#chunks = chunks;
    this.#remaining = end - start;
    this.#offsetInChunk = start;
    while (this.#offsetInChunk > 0 && this.#offsetInChunk >= this.#current().byteLength) {
      this.#offsetInChunk -= this.#current().byteLength;
      this.#index += 1;
    }
  }

  pull(buffer: Uint8Array): number {
    let filled = 0;
    while (filled < buffer.byteLength && this.#remaining > 0) {
      const chunk = this.#current();
      const bytes = Math.min(chunk.byteLength - this.#offsetInChunk, buffer.byteLength - filled, this.#remaining);
      buffer.set(chunk.subarray(this.#offsetInChunk, this.#offsetInChunk + bytes), filled);
      filled += bytes;
      this.#remaining -= bytes;
      this.#offsetInChunk += bytes;
      if (this.#offsetInChunk === chunk.byteLength) {
        this.#index += 1;
        this.#offsetInChunk = 0;
      }
    }
    return filled;
  }

  close(): void {
    this.#chunks = [];
    this.#remaining = 0;
  }

  #current(): Uint8Array {
    const chunk = this.#chunks[this.#index];
    if (chunk === undefined) throw new RangeError('a reading went past its object');
    return chunk;
  }
}
