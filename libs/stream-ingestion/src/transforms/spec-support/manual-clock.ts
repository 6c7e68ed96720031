import type { Clock } from '../clock.js';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  get pendingTimers(): number {
    return this.#timers.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    if (!(delayMs <= LONGEST_TIMEOUT_MS)) throw new Error(`setTimeout does not take ${delayMs} ms`);
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Goes on by so much, calls what is due on the way, and lets everything that follows from it happen. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await new Promise(setImmediate);
      const next = this.#next();
      if (next === undefined || next.atMs > untilMs) break;
      this.#fire(next);
    }
    this.#nowMs = untilMs;
  }

  /** Jumps from timer to timer until the work is done, with each timer late by `lateMs`. Fails where nothing moves. */
  async runUntil(work: Promise<unknown>, lateMs = 0): Promise<void> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    work.then(settle, settle);
    await new Promise(setImmediate);
    for (let idleTurns = 0; !settled; idleTurns += 1) {
      if (idleTurns > 1000) throw new Error('waiting for something that is no timer');
      const next = this.#next();
      if (next !== undefined) {
        this.#fire(next, lateMs);
        idleTurns = 0;
      }
      await new Promise(setImmediate);
    }
    await work;
  }

  #next(): Timer | undefined {
    return [...this.#timers].sort((a, b) => a.atMs - b.atMs)[0];
  }

  #fire(timer: Timer, lateMs = 0): void {
    this.#timers.delete(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.atMs + lateMs);
    timer.callback();
  }
}
