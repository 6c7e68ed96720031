import { setTimeout as sleep } from 'node:timers/promises';

import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';

import { StreamIngestionError } from '../../contracts/index.js';
import { TransferRegistry } from '../../engine/index.js';
import type { ResolvedOptions } from '../module/resolve-options.js';
import { RESOLVED_OPTIONS } from '../module/tokens.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { HttpServerWatch } from './http-server-watch.js';
import { onFurtherSignals } from './further-signals.js';

// What is no transfer has at least that long to answer.
const LEAST_CLOSING_MS = 1000;

/**
 * Ends the transfers of an application that shuts down, in three steps:
 *
 * 1. at once: readiness says 503, while everything works as before for the drain delay, in which balancers notice;
 * 2. then new transfers are refused with DRAINING (503, `Connection: close`), and running ones have the grace;
 * 3. what still runs is aborted, and leaves nothing behind.
 *
 * Nest closes the HTTP server only after that. Another signal skips the waiting; one more ends the process.
 */
@Injectable()
export class TransferShutdown implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #logger = new Logger('StreamIngestion');
  readonly #hurry = new AbortController();
  readonly #listeners = new Set<() => void>();
  #begunAt: number | undefined;

  constructor(
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedOptions,
    private readonly transfers: TransferRegistry,
    private readonly stores: StoreRegistry,
    private readonly server: HttpServerWatch,
  ) {}

  /** True from the first moment of the shutdown: readiness depends on it. */
  get begun(): boolean {
    return this.#begunAt !== undefined;
  }

  /** Calls back when the shutdown begins; for what would otherwise never end, such as a stream of events. */
  onBegin(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Nest's first step of a shutdown. */
  onModuleDestroy(): void {
    this.#begin();
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    const begunAt = this.#begin();
    const stopListening = signal === undefined ? () => undefined : onFurtherSignals(() => this.hurry());
    const { drainDelayMs, graceMs } = this.options.shutdown;
    try {
      await this.#wait(begunAt + drainDelayMs - performance.now());
      this.server.endKeepAlive();
      const deadline = performance.now() + graceMs;
      const aborted = await this.transfers.close(this.#hurry.signal.aborted ? 0 : graceMs);
      if (aborted > 0) this.#logger.warn(`shutting down: ${aborted} transfers did not end in time and were aborted`);
      this.server.closeConnections(Math.max(LEAST_CLOSING_MS, deadline - performance.now()));
    } finally {
      stopListening();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    for (const [name, store] of this.stores.entries()) {
      await store.close?.().catch((error: unknown) => this.#logger.error(`store ${name} could not be closed`, error));
    }
  }

  /** Waits no longer: what runs is aborted now. */
  hurry(): void {
    this.#hurry.abort();
    this.transfers.abortAll(new StreamIngestionError('DRAINING', 'the process was told to stop at once'));
  }

  #begin(): number {
    if (this.#begunAt === undefined) {
      this.#begunAt = performance.now();
      for (const listener of this.#listeners) listener();
    }
    return this.#begunAt;
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }
}
