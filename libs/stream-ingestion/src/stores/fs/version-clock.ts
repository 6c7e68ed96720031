/**
 * Modification times that never repeat within this process, so that two versions of an object differ in theirs
 * however coarse the file system's own clock is (the kernel's ticks are up to 10 ms long).
 */
export class VersionClock {
  #lastMicros = 0;

  /** @returns seconds since the epoch, `leastStepMicros` after the one before at least. */
  next(leastStepMicros = 2): number {
    this.#lastMicros = Math.max(Date.now() * 1000, this.#lastMicros + leastStepMicros);
    return this.#lastMicros / 1_000_000;
  }
}
