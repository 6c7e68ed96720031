import type { BufferPool } from './buffer-pool.js';

interface Lease {
  readonly buffer: Buffer;
  references: number;
}

/**
 * The few buffers of one transfer that a pull source reads into, each free again once nothing refers to it. A chunk
 * that came from elsewhere passes through `retain` and `release` untouched.
 */
export class BufferRing {
  readonly #pool: BufferPool;
  readonly #limit: number;
  readonly #leases = new Map<ArrayBufferLike, Lease>();
  readonly #free: Lease[] = [];
  #waiter: (() => void) | undefined;

  constructor(pool: BufferPool, limit: number) {
    this.#pool = pool;
    this.#limit = limit;
  }

  /** A free buffer of at least `bytes` (the same in every call) with one reference, or undefined while all are in use. */
  tryAcquire(bytes: number): Buffer | undefined {
    let lease = this.#free.pop();
    if (lease === undefined && this.#leases.size < this.#limit) {
      lease = { buffer: this.#pool.acquire(bytes), references: 0 };
      this.#leases.set(lease.buffer.buffer, lease);
    }
    if (lease === undefined) return undefined;
    lease.references = 1;
    return lease.buffer;
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
    if (lease.references > 0) return;
    this.#free.push(lease);
    this.wake();
  }

  /** Wakes whoever waits for a buffer, so that it can see that the transfer has failed. */
  wake(): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.();
  }

  /** Gives every buffer back to the pool. Only once nothing is in flight. */
  dispose(): void {
    for (const lease of this.#leases.values()) this.#pool.release(lease.buffer);
    this.#leases.clear();
    this.#free.length = 0;
  }
}
