/** The moment between "every byte is written" and "now make it visible". */
export class Hold {
  /** Resolves when every byte is written and only the release is missing. */
  readonly written: Promise<void>;
  /** Resolves with the release, rejects with the reason where it was given up. */
  readonly released: Promise<void>;
  #onWritten: () => void = () => undefined;
  #onRelease: () => void = () => undefined;
  #onGivenUp: (reason: unknown) => void = () => undefined;

  constructor() {
    this.written = new Promise((resolve) => {
      this.#onWritten = resolve;
    });
    this.released = new Promise((resolve, reject) => {
      this.#onRelease = resolve;
      this.#onGivenUp = reject;
    });
    // Whether anybody waits for it depends on how far the transfer came.
    this.released.catch(() => undefined);
  }

  markWritten(): void {
    this.#onWritten();
  }

  /** Idempotent; without effect where it was given up. */
  release(): void {
    this.#onRelease();
  }

  /** Idempotent; without effect after a release. */
  giveUp(reason: unknown): void {
    this.#onGivenUp(reason);
  }
}
