const DEFAULT_MAX_IDLE_BYTES = 16 * 1024 * 1024;

/**
 * Buffers to read into, kept for reuse by later transfers. Each has memory of its own, never a slice of Node's shared
 * pool. Sizes are powers of two from 4 KiB, so that a small transfer takes a small buffer.
 */
export class BufferPool {
  readonly #idle = new Map<number, Buffer[]>();
  readonly #maxIdleBytes: number;
  #idleBytes = 0;

  constructor({ maxIdleBytes = DEFAULT_MAX_IDLE_BYTES }: { readonly maxIdleBytes?: number } = {}) {
    this.#maxIdleBytes = maxIdleBytes;
  }

  /** A buffer of at least that many bytes, its content undefined. */
  acquire(bytes: number): Buffer {
    const size = Math.max(4096, 2 ** Math.ceil(Math.log2(bytes)));
    const reused = this.#idle.get(size)?.pop();
    if (reused === undefined) return Buffer.allocUnsafeSlow(size);
    this.#idleBytes -= size;
    return reused;
  }

  /** Gives back a buffer that nobody reads or writes any more. */
  release(buffer: Buffer): void {
    const size = buffer.byteLength;
    if (this.#idleBytes + size > this.#maxIdleBytes) return;
    const idle = this.#idle.get(size);
    if (idle === undefined) this.#idle.set(size, [buffer]);
    else idle.push(buffer);
    this.#idleBytes += size;
  }
}
