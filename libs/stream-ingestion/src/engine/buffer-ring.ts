import type { BufferPool } from './buffer-pool.js';

interface Lease {
  references: number;
  /** Called when nothing refers to the memory any more. */
  readonly free: () => void;
}

/**
 * The few buffers of one transfer that a pull source reads into, and those that a transform lends, each free again
 * once nothing refers to it. A chunk that came from elsewhere passes through `retain` and `release` untouched.
 */
export class BufferRing {
  readonly #pool: BufferPool;
  readonly #limit: number;
  readonly #leases = new Map<ArrayBufferLike, Lease>();
  readonly #own: Buffer[] = [];
  readonly #free: Buffer[] = [];
  #waiter: (() => void) | undefined;

  constructor(pool: BufferPool, limit: number) {
    this.#pool = pool;
    this.#limit = limit;
  }

  /** A free buffer of at least `bytes` (the same in every call) with one reference, or undefined while all are in use. */
  tryAcquire(bytes: number): Buffer | undefined {
    const buffer = this.#free.pop() ?? (this.#own.length < this.#limit ? this.#allocate(bytes) : undefined);
    if (buffer !== undefined) this.retain(buffer);
    return buffer;
  }

  /** Resolves when a buffer may have become free, or when `dispose` is called. */
  whenFree(): Promise<void> {
    if (this.#free.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }

  owns(chunk: Uint8Array): boolean {
    return this.#leases.has(chunk.buffer);
  }

  retain(chunk: Uint8Array): void {
    const lease = this.#leases.get(chunk.buffer);
    if (lease !== undefined) lease.references += 1;
  }

  release(chunk: Uint8Array): void {
    const lease = this.#leases.get(chunk.buffer);
    if (lease === undefined) return;
    lease.references -= 1;
    if (lease.references === 0) lease.free();
  }

  /**
   * Takes in a chunk of memory that somebody else fills again, with one reference; `giveBack` is called once nothing
   * refers to that memory, at the latest by `dispose`.
   */
  borrow(chunk: Uint8Array, giveBack: () => void): void {
    const memory = chunk.buffer;
    const free = (): void => {
      this.#leases.delete(memory);
      giveBack();
    };
    this.#leases.set(memory, { references: 1, free });
  }

  /** Wakes whoever waits for a buffer, so that it can see that the transfer has failed. */
  wake(): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.();
  }

  /** Gives every buffer back to the pool or its lender. Only once nothing is in flight. */
  dispose(): void {
    for (const buffer of this.#own) {
      this.#leases.delete(buffer.buffer);
      this.#pool.release(buffer);
    }
    for (const borrowed of this.#leases.values()) borrowed.free();
    this.#own.length = 0;
    this.#free.length = 0;
  }

  #allocate(bytes: number): Buffer {
    const buffer = this.#pool.acquire(bytes);
    const free = (): void => {
      this.#free.push(buffer);
      this.wake();
    };
    this.#own.push(buffer);
    this.#leases.set(buffer.buffer, { references: 0, free });
    return buffer;
  }
}
