// A prime just below 1 MiB: no unit, page or part size is a multiple of it, so bytes out of place never fit by chance.
const PERIOD_BYTES = 1_048_573;

/**
 * Pseudo-random bytes that are a function of seed and offset, cheap enough for objects larger than memory. Two seeds
 * give unrelated bytes, and no two neighbouring stretches of one seed are alike.
 */
export class Pattern {
  readonly #words = new Uint32Array(Math.ceil(PERIOD_BYTES / 4));
  readonly #period = Buffer.from(this.#words.buffer, 0, PERIOD_BYTES);
  #generatedWords = 0;
  #state: number;

  constructor(seed = 1) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** Fills `buffer` with the bytes that the pattern has from `offset` on. */
  fill(buffer: Uint8Array, offset: number): void {
    let filled = 0;
    while (filled < buffer.byteLength) {
      const from = (offset + filled) % PERIOD_BYTES;
      const bytes = Math.min(PERIOD_BYTES - from, buffer.byteLength - filled);
      this.#generate(from + bytes);
      buffer.set(this.#period.subarray(from, from + bytes), filled);
      filled += bytes;
    }
  }

  /** The `size` bytes from `offset` on, as memory of their own. */
  bytes(size: number, offset = 0): Buffer {
    const buffer = Buffer.allocUnsafe(size);
    this.fill(buffer, offset);
    return buffer;
  }

  // Only as far as needed, so that small objects stay cheap. xorshift32 (Marsaglia, 2003), four bytes a step.
  #generate(bytes: number): void {
    const words = Math.ceil(bytes / 4);
    let state = this.#state;
    for (let index = this.#generatedWords; index < words; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      this.#words[index] = state;
    }
    this.#state = state;
    this.#generatedWords = Math.max(this.#generatedWords, words);
  }
}
