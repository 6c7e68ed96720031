import { Worker } from 'node:worker_threads';

import type { FromThread, ThreadData, ToThread } from './messages.js';
import type { ResolvedWorkerPoolOptions } from './worker-pool.options.js';

/** Who a thread talks to about one session. */
export interface ThreadClient {
  received(message: FromThread): void;
  /** The thread is gone, or useless: no message will come any more. Called once at most. */
  threadEnded(end: ThreadEnd): void;
}

export interface ThreadEnd {
  readonly exitCode: number;
  /** What was thrown in it, where something was. */
  readonly error: unknown;
}

export interface PoolThreadParts {
  readonly isolation: 'own' | 'shared';
  readonly options: Pick<ResolvedWorkerPoolOptions, 'threadEntry' | 'resourceLimits' | 'threadNiceness'>;
  /** Called once, after all sessions were told. */
  readonly onExit: (thread: PoolThread) => void;
}

/** One worker thread, as the pool sees it. It keeps the process alive only while it has sessions. */
export class PoolThread {
  readonly isolation: 'own' | 'shared';
  /** Sessions that were promised a place here. */
  places = 0;
  /** True once it takes no more sessions: it is being ended, or has failed. */
  ending = false;
  /** When its last message came. */
  lastSignAt = performance.now();
  /** Share of the last sampled time in which it was not waiting. */
  utilization = 0;
  readonly #worker: Worker;
  readonly #clients = new Map<number, ThreadClient>();
  #error: unknown;
  #utilizationBefore = { idle: 0, active: 0 };

  constructor({ isolation, options, onExit }: PoolThreadParts) {
    this.isolation = isolation;
    const { threadEntry, resourceLimits, threadNiceness } = options;
    this.#worker = new Worker(threadEntry, {
      name: 'stream-ingestion',
      workerData: { niceness: threadNiceness } satisfies ThreadData,
      resourceLimits,
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => {
      this.lastSignAt = performance.now();
      this.#clients.get(message.session)?.received(message);
    });
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (exitCode) => {
      this.ending = true;
      const clients = [...this.#clients.values()];
      this.#clients.clear();
      for (const client of clients) client.threadEnded({ exitCode, error: this.#error });
      onExit(this);
    });
  }

  get threadId(): number {
    return this.#worker.threadId;
  }

  attach(session: number, client: ThreadClient): void {
    this.#clients.set(session, client);
    this.#worker.ref();
  }

  detach(session: number): void {
    this.#clients.delete(session);
    if (this.#clients.size === 0) this.#worker.unref();
  }

  post(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }

  /** Ends the thread, whatever it is doing; resolves when it has ended. */
  async terminate(): Promise<void> {
    this.ending = true;
    await this.#worker.terminate();
  }

  sampleUtilization(): void {
    const { idle, active } = this.#worker.performance.eventLoopUtilization();
    const passed = idle - this.#utilizationBefore.idle + active - this.#utilizationBefore.active;
    this.utilization = passed > 0 ? (active - this.#utilizationBefore.active) / passed : 0;
    this.#utilizationBefore = { idle, active };
  }

  /** The exit follows. */
  #fail(error: unknown): void {
    this.ending = true;
    this.#error ??= error;
    void this.#worker.terminate();
  }
}
