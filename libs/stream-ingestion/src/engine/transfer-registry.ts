import { randomUUID } from 'node:crypto';

import {
  StreamIngestionError,
  type TransferDirection,
  type TransferObserver,
  type TransferProgress,
  type TransferReport,
} from '../contracts/index.js';
import { asAbort } from './failure.js';
import { combineObservers } from './observers.js';

/** running: takes transfers. draining: refuses new ones, the running ones go on. closed: none is left, none will be. */
export type RegistryState = 'running' | 'draining' | 'closed';

/** What a transfer is, for people and metrics. */
export interface TransferDescriptor {
  readonly direction: TransferDirection;
  readonly store?: string;
  readonly key?: string;
}

/** A transfer as the registry shows it: running with `progress`, or settled with `report`. */
export interface TransferEntry extends TransferDescriptor {
  readonly id: string;
  readonly state: 'running' | TransferReport['outcome'];
  readonly startedAt: Date;
  readonly progress: TransferProgress;
  readonly report?: TransferReport;
}

/** What a transfer gets from the registry: to be handed to `ingestStream` or `deliverStream`. */
export interface TransferContext {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly observer: TransferObserver;
}

export interface TransferRegistryOptions {
  /** Most transfers at once; one more is refused with TOO_MANY_TRANSFERS. Default: 256. */
  readonly maxConcurrent?: number;
  /** How many settled transfers are remembered. Default: 100. */
  readonly recentLimit?: number;
  /** Told of every transfer, with what it is. */
  readonly observerFor?: (transfer: TransferDescriptor & { readonly id: string }) => TransferObserver | undefined;
}

interface Running {
  readonly id: string;
  readonly descriptor: TransferDescriptor;
  readonly controller: AbortController;
  readonly startedAt: Date;
  progress: () => TransferProgress;
  report: TransferReport | undefined;
}

const NO_PROGRESS: TransferProgress = { bytesIn: 0, bytesOut: 0, inFlightChunks: 0, inFlightBytes: 0, elapsedMs: 0 };

/**
 * Knows every running transfer of a process, and the recent ones. Shutdown drains it; an interface lists and aborts.
 */
export class TransferRegistry {
  readonly #options: Required<Omit<TransferRegistryOptions, 'observerFor'>>;
  readonly #observerFor: TransferRegistryOptions['observerFor'];
  readonly #running = new Map<string, Running>();
  readonly #recent: TransferEntry[] = [];
  #state: RegistryState = 'running';
  #idleWaiters: (() => void)[] = [];

  constructor({ maxConcurrent = 256, recentLimit = 100, observerFor }: TransferRegistryOptions = {}) {
    this.#options = { maxConcurrent, recentLimit };
    this.#observerFor = observerFor;
  }

  get state(): RegistryState {
    return this.#state;
  }

  get running(): number {
    return this.#running.size;
  }

  get maxConcurrent(): number {
    return this.#options.maxConcurrent;
  }

  /**
   * Runs `work` as a transfer: admitted, listed, abortable, remembered.
   *
   * @param admission `continued`: the transfer goes on with work that was admitted before, such as the next file of one
   * request, and is not refused any more; it counts like any other. Default: `required`.
   * @throws DRAINING, TOO_MANY_TRANSFERS before `work` is called; what `work` throws after.
   */
  async run<Result>(
    descriptor: TransferDescriptor,
    signal: AbortSignal | undefined,
    work: (context: TransferContext) => Promise<Result>,
    admission: 'required' | 'continued' = 'required',
  ): Promise<Result> {
    if (admission === 'required') this.#admit();
    const running: Running = {
      id: randomUUID(),
      descriptor,
      controller: new AbortController(),
      startedAt: new Date(),
      progress: () => NO_PROGRESS,
      report: undefined,
    };
    this.#running.set(running.id, running);
    const { controller } = running;
    const forward = (): void => controller.abort(signal?.reason);
    if (signal?.aborted) forward();
    else signal?.addEventListener('abort', forward, { once: true });
    try {
      return await work({ id: running.id, signal: controller.signal, observer: this.#observe(running) });
    } finally {
      signal?.removeEventListener('abort', forward);
      this.#settle(running);
    }
  }

  list(): TransferEntry[] {
    return [...this.#running.values()].map(entryOf);
  }

  /** Settled transfers, the latest first. */
  recent(): readonly TransferEntry[] {
    return [...this.#recent].reverse();
  }

  get(id: string): TransferEntry | undefined {
    const running = this.#running.get(id);
    return running === undefined ? this.#recent.find((entry) => entry.id === id) : entryOf(running);
  }

  /** @returns false where no such transfer is running. */
  abort(id: string, reason: unknown): boolean {
    const running = this.#running.get(id);
    running?.controller.abort(asAbort('registry.abort', reason));
    return running !== undefined;
  }

  abortAll(reason: unknown): void {
    for (const { id } of this.#running.values()) this.abort(id, reason);
  }

  /** From now on new transfers are refused with DRAINING. Idempotent. */
  drain(): void {
    if (this.#state === 'running') this.#state = 'draining';
    this.#notifyIdle();
  }

  /** Resolves when no transfer is running. */
  whenIdle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /**
   * Drains, gives the running transfers the grace, aborts what is left, and resolves when nothing runs any more.
   *
   * @returns how many transfers had to be aborted.
   */
  async close(graceMs: number): Promise<number> {
    this.drain();
    let timer: NodeJS.Timeout | undefined;
    const graceOver = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.whenIdle(), graceOver]);
    clearTimeout(timer);
    const aborted = this.#running.size;
    this.abortAll(
      new StreamIngestionError('DRAINING', `the process is shutting down; the grace of ${graceMs} ms is over`),
    );
    await this.whenIdle();
    this.#state = 'closed';
    return aborted;
  }

  #admit(): void {
    if (this.#state !== 'running') {
      throw new StreamIngestionError('DRAINING', 'the process is shutting down and takes no new transfers', {
        operation: 'registry.run',
      });
    }
    const { maxConcurrent } = this.#options;
    if (this.#running.size >= maxConcurrent) {
      throw new StreamIngestionError(
        'TOO_MANY_TRANSFERS',
        `${maxConcurrent} transfers are running, which is the most allowed`,
        {
          operation: 'registry.run',
          context: { maxConcurrent },
        },
      );
    }
  }

  #observe(running: Running): TransferObserver {
    const own: TransferObserver = {
      started: ({ progress }) => {
        running.progress = progress;
      },
      settled: (report) => {
        running.report = report;
      },
    };
    return combineObservers([own, this.#observerFor?.({ ...running.descriptor, id: running.id })]);
  }

  #settle(running: Running): void {
    this.#running.delete(running.id);
    // Work that failed before the engine was reached has nothing to remember.
    if (running.report !== undefined) {
      this.#recent.push(entryOf(running));
      if (this.#recent.length > this.#options.recentLimit) this.#recent.shift();
    }
    this.#notifyIdle();
  }

  #notifyIdle(): void {
    if (this.#running.size > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}

function entryOf({ id, descriptor, startedAt, progress, report }: Running): TransferEntry {
  return {
    ...descriptor,
    id,
    state: report?.outcome ?? 'running',
    startedAt,
    progress: progress(),
    ...(report === undefined ? {} : { report }),
  };
}
