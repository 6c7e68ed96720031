import { StreamIngestionError } from '../contracts/index.js';
import { DurationHistogram } from '../engine/index.js';
import { PoolThread } from './pool-thread.js';
import type { ResolvedWorkerPoolOptions } from './worker-pool.options.js';

type Isolation = PoolThread['isolation'];

interface Waiting {
  readonly isolation: Isolation;
  readonly since: number;
  readonly settle: (thread: PoolThread | StreamIngestionError) => void;
}

/** Starts threads when they are needed, gives out places on them in order of asking, and ends idle ones. */
export class ThreadScheduler {
  readonly waits = new DurationHistogram();
  /** Threads that ended by themselves or had to be ended, not counting idle ones. */
  lostThreads = 0;
  readonly #options: ResolvedWorkerPoolOptions;
  readonly #threads = new Set<PoolThread>();
  readonly #terminations = new Set<Promise<void>>();
  readonly #idleTimers = new Map<PoolThread, NodeJS.Timeout>();
  #queue: Waiting[] = [];
  #closed = false;
  #onQuiet: (() => void) | undefined;

  constructor(options: ResolvedWorkerPoolOptions) {
    this.#options = options;
  }

  get threads(): readonly PoolThread[] {
    return [...this.#threads];
  }

  get queueLength(): number {
    return this.#queue.length;
  }

  /**
   * A thread with a place for one session, at once or when one is free.
   *
   * @throws TOO_MANY_TRANSFERS where the queue is full; DRAINING once the pool is closing; the reason of `signal`.
   */
  async acquire(isolation: Isolation, signal: AbortSignal): Promise<PoolThread> {
    if (this.#closed) throw closing();
    signal.throwIfAborted();
    const thread = this.#queue.some((waiting) => waiting.isolation === isolation) ? undefined : this.#take(isolation);
    if (thread !== undefined) {
      this.waits.record(0);
      return thread;
    }
    if (this.#queue.length >= this.#options.queueLimit) throw queueFull(this.#options.queueLimit);
    return this.#wait(isolation, signal);
  }

  /** Gives a place back. */
  release(thread: PoolThread): void {
    thread.places -= 1;
    this.#dispatch();
    if (thread.places === 0) this.#endWhenIdle(thread);
    this.#tellWhenQuiet();
  }

  /** Ends a thread that is of no use any more; those who wait get another. */
  discard(thread: PoolThread): void {
    if (!thread.ending) this.#terminate(thread);
  }

  /** Takes nobody in any more, and resolves when nobody is served or waiting, or `graceMs` have passed. */
  async drain(graceMs: number): Promise<void> {
    this.#closed = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onQuiet = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#tellWhenQuiet();
    });
  }

  /** Ends every thread; whoever waits is refused. */
  async end(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.settle(closing());
    for (const timer of this.#idleTimers.values()) clearTimeout(timer);
    for (const thread of this.threads) this.#terminate(thread);
    await Promise.all(this.#terminations);
  }

  async #wait(isolation: Isolation, signal: AbortSignal): Promise<PoolThread> {
    const since = performance.now();
    const settled = await new Promise<PoolThread | StreamIngestionError | undefined>((resolve) => {
      const waiting = { isolation, since, settle: resolve };
      this.#queue.push(waiting);
      signal.addEventListener(
        'abort',
        () => {
          this.#queue = this.#queue.filter((entry) => entry !== waiting);
          resolve(undefined);
          this.#tellWhenQuiet();
        },
        { once: true },
      );
    });
    if (settled instanceof PoolThread) {
      this.waits.record(performance.now() - since);
      return settled;
    }
    signal.throwIfAborted();
    throw settled ?? closing();
  }

  /** The least busy thread with a free place, a new one where that is better and allowed. */
  #take(isolation: Isolation): PoolThread | undefined {
    const { sharedThreads, ownThreads, sessionsPerThread } = this.#options;
    const threads = this.threads.filter((thread) => thread.isolation === isolation);
    const [most, places] = isolation === 'own' ? [ownThreads, 1] : [sharedThreads, sessionsPerThread];
    const usable = threads.filter((thread) => !thread.ending && thread.places < places);
    usable.sort((a, b) => a.places - b.places);
    let [thread] = usable;
    if ((thread === undefined || thread.places > 0) && threads.length < most) thread = this.#start(isolation);
    if (thread === undefined) return undefined;
    clearTimeout(this.#idleTimers.get(thread));
    this.#idleTimers.delete(thread);
    thread.places += 1;
    return thread;
  }

  #dispatch(): void {
    for (const isolation of ['own', 'shared'] as const) {
      for (;;) {
        const next = this.#queue.find((waiting) => waiting.isolation === isolation);
        const thread = next === undefined ? undefined : this.#take(isolation);
        if (next === undefined || thread === undefined) break;
        this.#queue = this.#queue.filter((waiting) => waiting !== next);
        next.settle(thread);
      }
    }
  }

  #start(isolation: Isolation): PoolThread {
    const thread = new PoolThread({ isolation, options: this.#options, onExit: (ended) => this.#forget(ended) });
    this.#threads.add(thread);
    return thread;
  }

  #endWhenIdle(thread: PoolThread): void {
    if (thread.ending || this.#closed) return;
    const timer = setTimeout(() => {
      this.#idleTimers.delete(thread);
      // Taken off the books first: an idle thread that is ended was not lost.
      this.#threads.delete(thread);
      this.#terminate(thread);
    }, this.#options.idleMs);
    timer.unref();
    this.#idleTimers.set(thread, timer);
  }

  #terminate(thread: PoolThread): void {
    const termination = thread.terminate().finally(() => this.#terminations.delete(termination));
    this.#terminations.add(termination);
  }

  #forget(thread: PoolThread): void {
    clearTimeout(this.#idleTimers.get(thread));
    this.#idleTimers.delete(thread);
    if (!this.#threads.delete(thread)) return;
    if (!this.#closed) this.lostThreads += 1;
    this.#dispatch();
  }

  #tellWhenQuiet(): void {
    if (this.#queue.length > 0 || this.threads.some((thread) => thread.places > 0)) return;
    this.#onQuiet?.();
  }
}

function closing(): StreamIngestionError {
  return new StreamIngestionError('DRAINING', 'the worker pool is closing', { operation: 'workers.acquire' });
}

function queueFull(queueLimit: number): StreamIngestionError {
  return new StreamIngestionError('TOO_MANY_TRANSFERS', `${queueLimit} transfers wait for a worker already`, {
    operation: 'workers.acquire',
    context: { queueLimit },
  });
}
