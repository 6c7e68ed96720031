import { StreamIngestionError } from '../../contracts/index.js';

/** Bytes that are in use, up to a maximum. */
export class ByteBudget {
  readonly #maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Infinity where there is no maximum. */
  get freeBytes(): number {
    return Math.max(0, this.#maxBytes - this.#usedBytes);
  }

  /** @throws NO_SPACE where fewer than `bytes` are free. */
  require(bytes: number, operation: string): void {
    if (bytes <= this.freeBytes) return;
    throw new StreamIngestionError('NO_SPACE', 'the memory store is full', {
      operation,
      context: { freeBytes: this.freeBytes, neededBytes: bytes },
    });
  }

  /** @throws NO_SPACE, and takes nothing. */
  take(bytes: number, operation: string): void {
    this.require(bytes, operation);
    this.#usedBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
