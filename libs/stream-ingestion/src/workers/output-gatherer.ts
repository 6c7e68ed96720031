/** Where the thread's side of a session puts what comes out. */
export interface OutputGathererParts {
  readonly slabs: readonly ArrayBuffer[];
  readonly slabBytes: number;
  readonly send: (slab: ArrayBuffer, bytes: number) => void;
}

/**
 * Copies output into slabs and sends each when it is full. Without a free slab it waits: that is the back-pressure
 * from whoever takes the bytes.
 *
 * A copy, since what a transform emits may be a part of Node's shared pool, or of its input, or a buffer that it goes on
 * filling; only memory that is wholly ours can be moved to another thread.
 */
export class OutputGatherer {
  readonly #parts: OutputGathererParts;
  readonly #free: ArrayBuffer[];
  #current: ArrayBuffer | undefined;
  #used = 0;
  #wake: (() => void) | undefined;
  #stopped: { readonly reason: unknown } | undefined;

  constructor(parts: OutputGathererParts) {
    this.#parts = parts;
    this.#free = [...parts.slabs];
  }

  /** Never called while busy. Once it has settled the chunk is no longer needed. */
  readonly push = (chunk: Uint8Array): Promise<void> | void => {
    const rest = this.#fill(chunk);
    if (rest.byteLength > 0) return this.#fillLater(rest);
  };

  refill(slab: ArrayBuffer): void {
    this.#free.push(slab);
    this.#wake?.();
  }

  /** Sends what is there although the slab is not full. */
  ship(): void {
    if (this.#current === undefined || this.#used === 0) return;
    this.#parts.send(this.#current, this.#used);
    this.#current = undefined;
    this.#used = 0;
  }

  /** Whoever waits for a slab is told that none will come. */
  stop(reason: unknown): void {
    this.#stopped = { reason };
    this.#wake?.();
  }

  /** All slabs that are here, to be given back. */
  takeSlabs(): ArrayBuffer[] {
    const slabs = this.#free.splice(0);
    if (this.#current !== undefined) slabs.push(this.#current);
    this.#current = undefined;
    return slabs;
  }

  #fill(chunk: Uint8Array): Uint8Array {
    let offset = 0;
    while (offset < chunk.byteLength) {
      this.#current ??= this.#free.pop();
      if (this.#current === undefined) break;
      const bytes = Math.min(chunk.byteLength - offset, this.#parts.slabBytes - this.#used);
      new Uint8Array(this.#current, this.#used, bytes).set(chunk.subarray(offset, offset + bytes));
      this.#used += bytes;
      offset += bytes;
      if (this.#used === this.#parts.slabBytes) this.ship();
    }
    return chunk.subarray(offset);
  }

  async #fillLater(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.byteLength > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#stopped !== undefined || this.#free.length > 0) resolve();
      });
      if (this.#stopped !== undefined) throw this.#stopped.reason;
      rest = this.#fill(rest);
    }
  }
}
