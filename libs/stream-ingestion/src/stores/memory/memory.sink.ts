import { randomBytes } from 'node:crypto';

import type { FinalizeSummary, IngestionSink, ObjectInfo, StoredObject } from '../../contracts/index.js';
import { StreamIngestionError } from '../../contracts/index.js';
import { throwIfAborted, type ObjectAttributes } from '../../store-kit/index.js';
import type { ByteBudget } from './byte-budget.js';
import type { MemoryObject } from './memory-object.js';

export interface MemorySinkParts {
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly unitBytes: number;
  readonly budget: ByteBudget;
  /**
   * Makes the object visible, and says whether there was none under its key. @throws PRECONDITION_FAILED
   */
  readonly publish: (object: MemoryObject) => boolean;
}

/** Copies what it is given; see the chunk ownership of {@link IngestionSink}. */
export class MemorySink implements IngestionSink<StoredObject> {
  readonly preferredUnitBytes: number;
  readonly #parts: MemorySinkParts;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;

  constructor(parts: MemorySinkParts) {
    this.#parts = parts;
    this.preferredUnitBytes = parts.unitBytes;
  }

  write(chunk: Uint8Array, signal?: AbortSignal): void {
    this.writev([chunk], signal);
  }

  writev(chunks: readonly Uint8Array[], signal?: AbortSignal): void {
    throwIfAborted(signal, 'memory.write');
    this.#requireOpen('memory.write');
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    if (bytes === 0) return;
    this.#parts.budget.take(bytes, 'memory.write');
    // Not from Node's shared pool, which would stay alive as a whole for a few bytes of it.
    const copy = Buffer.allocUnsafeSlow(bytes);
    let offset = 0;
    for (const chunk of chunks) {
      copy.set(chunk, offset);
      offset += chunk.byteLength;
    }
    this.#chunks.push(copy);
    this.#bytes += bytes;
  }

  finalize(summary: FinalizeSummary, signal?: AbortSignal): StoredObject {
    throwIfAborted(signal, 'memory.finalize');
    this.#requireOpen('memory.finalize');
    const { key, attributes, publish } = this.#parts;
    const info: ObjectInfo = {
      key,
      size: this.#bytes,
      etag: randomBytes(16).toString('hex'),
      lastModified: new Date(),
      digests: { ...summary.digests },
      ...attributes,
    };
    const created = publish({ info, chunks: this.#chunks });
    this.#ended = true;
    return { ...info, created };
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.budget.giveBack(this.#bytes);
    this.#chunks = [];
  }

  #requireOpen(operation: string): void {
    if (this.#ended) throw new StreamIngestionError('SINK_FAILED', 'the sink has ended', { operation, retry: 'never' });
  }
}
