// Below it a copy is cheaper than one more entry of a vectored write.
const COPY_BELOW_BYTES = 4096;
const SLAB_BYTES = 64 * 1024;

/** Chunks that together make one unit, or the last and shorter one. */
export interface Unit {
  readonly chunks: readonly Uint8Array[];
  /** Chunks as they came whose last byte is in this unit: once it has settled nothing refers to them any more. */
  readonly consumed: readonly Uint8Array[];
  readonly bytes: number;
  /** How many times something was added; slabs merge tiny chunks. */
  readonly pieces: number;
}

export interface ChunkKeeper {
  retain(chunk: Uint8Array): void;
}

/**
 * Gathers chunks into a unit. Large chunks are kept as they are, tiny ones are copied together into slabs, so that a
 * source of single bytes costs neither memory nor a vectored write of a million entries.
 */
export class UnitGatherer {
  readonly #keeper: ChunkKeeper;
  #chunks: Uint8Array[] = [];
  #consumed: Uint8Array[] = [];
  #bytes = 0;
  #pieces = 0;
  #slab: Buffer | undefined;
  #slabUsed = 0;
  #slabTailIsLast = false;

  constructor(keeper: ChunkKeeper) {
    this.#keeper = keeper;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    this.#pieces += 1;
    if (chunk.byteLength < COPY_BELOW_BYTES) {
      this.#copy(chunk);
      return;
    }
    this.#keeper.retain(chunk);
    this.#chunks.push(chunk);
    this.#slabTailIsLast = false;
  }

  /** The last piece of that chunk was added. */
  consumed(chunk: Uint8Array): void {
    this.#consumed.push(chunk);
  }

  take(): Unit {
    const unit = { chunks: this.#chunks, consumed: this.#consumed, bytes: this.#bytes, pieces: this.#pieces };
    this.#chunks = [];
    this.#consumed = [];
    this.#bytes = 0;
    this.#pieces = 0;
    this.#slabTailIsLast = false;
    return unit;
  }

  #copy(chunk: Uint8Array): void {
    if (this.#slab === undefined || this.#slab.byteLength - this.#slabUsed < chunk.byteLength) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#slabUsed = 0;
      this.#slabTailIsLast = false;
    }
    const start = this.#slabUsed;
    this.#slab.set(chunk, start);
    this.#slabUsed += chunk.byteLength;
    const tail = this.#slabTailIsLast ? this.#chunks.pop() : undefined;
    this.#chunks.push(this.#slab.subarray(start - (tail?.byteLength ?? 0), this.#slabUsed));
    this.#slabTailIsLast = true;
  }
}
