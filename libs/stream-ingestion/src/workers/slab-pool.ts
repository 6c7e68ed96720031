/**
 * Memory that goes to and fro between threads: ArrayBuffers of one size, none of them a part of Node's shared pool.
 * Those that came back are kept for the next who asks.
 */
export class SlabPool {
  readonly slabBytes: number;
  readonly #maxIdle: number;
  readonly #idle: ArrayBuffer[] = [];

  constructor(slabBytes: number, maxIdleBytes: number) {
    this.slabBytes = slabBytes;
    this.#maxIdle = Math.floor(maxIdleBytes / slabBytes);
  }

  get idleBytes(): number {
    return this.#idle.length * this.slabBytes;
  }

  /** Content undefined. */
  acquire(): ArrayBuffer {
    return this.#idle.pop() ?? new ArrayBuffer(this.slabBytes);
  }

  /** Only what nobody reads or writes any more. */
  release(slab: ArrayBuffer): void {
    if (this.#idle.length < this.#maxIdle) this.#idle.push(slab);
  }

  /** Leaves what is idle to the garbage collector. */
  clear(): void {
    this.#idle.length = 0;
  }
}
