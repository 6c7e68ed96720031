/** Time as the transforms of this folder see it. Another one than the system's is for tests. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. */
  nowMs(): number;
  /** Calls back once, after `delayMs` or later; returns a function that takes it back. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** The monotonic clock of the process. A waiting timer keeps the process alive. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
