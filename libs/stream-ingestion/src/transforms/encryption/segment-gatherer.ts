/**
 * Cuts a byte stream into segments of one size and holds back whatever may be the last one: whether a segment is the
 * last is part of its nonce, and known only when more bytes come or the stream ends. Holds one segment; what does not
 * have to be kept is not copied.
 */
export class SegmentGatherer {
  readonly #segmentBytes: number;
  readonly #held: Buffer;
  #heldBytes = 0;

  constructor(segmentBytes: number) {
    this.#segmentBytes = segmentBytes;
    this.#held = Buffer.allocUnsafeSlow(segmentBytes);
  }

  /**
   * The segments that are complete, and not the last, now that `chunk` has come; each in one part or two, to be used
   * before the next one is asked for. Run it to its end: that is what keeps the rest.
   */
  *add(chunk: Uint8Array): Generator<readonly Uint8Array[], void, void> {
    let rest = chunk;
    while (this.#heldBytes + rest.byteLength > this.#segmentBytes) {
      const taken = this.#segmentBytes - this.#heldBytes;
      const parts = [this.rest(), rest.subarray(0, taken)].filter((part) => part.byteLength > 0);
      this.#heldBytes = 0;
      rest = rest.subarray(taken);
      yield parts;
    }
    this.#held.set(rest, this.#heldBytes);
    this.#heldBytes += rest.byteLength;
  }

  /** What is held: at the end of the stream, the last segment. Empty only where nothing ever came. */
  rest(): Uint8Array {
    return this.#held.subarray(0, this.#heldBytes);
  }

  /** Overwrites what is held. */
  wipe(): void {
    this.#held.fill(0);
    this.#heldBytes = 0;
  }
}
