import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Histogram } from 'prom-client';

import type { TransferObserver } from '../../contracts/index.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { TransferObservers, type ObservedTransfer } from '../transfers/transfer-observers.js';
import { METRIC_NAMES } from './metric-names.js';

/** Feeds the metrics from every transfer of the application. */
@Injectable()
export class TransferMetrics implements OnModuleInit, OnApplicationShutdown {
  #stopObserving: () => void = () => undefined;

  constructor(
    private readonly observers: TransferObservers,
    private readonly stores: StoreRegistry,
    @InjectMetric(METRIC_NAMES.bytes) private readonly bytes: Counter,
    @InjectMetric(METRIC_NAMES.transfers) private readonly transfers: Counter,
    @InjectMetric(METRIC_NAMES.aborts) private readonly aborts: Counter,
    @InjectMetric(METRIC_NAMES.duration) private readonly duration: Histogram,
    @InjectMetric(METRIC_NAMES.writeDuration) private readonly writeDuration: Histogram,
  ) {}

  onModuleInit(): void {
    this.#stopObserving = this.observers.add((transfer) => this.#observe(transfer));
  }

  onApplicationShutdown(): void {
    this.#stopObserving();
  }

  #observe({ direction, store }: ObservedTransfer): TransferObserver {
    const labels = { direction, store: this.#storeLabel(store) };
    // Looked up once: a write happens thousands of times.
    const bytes = this.bytes.labels(labels);
    const writeDuration = this.writeDuration.labels(labels);
    return {
      writeSettled: (count, durationMs) => {
        bytes.inc(count);
        writeDuration.observe(durationMs / 1000);
      },
      settled: ({ outcome, reason, durationMs }) => {
        this.transfers.inc({ ...labels, outcome });
        this.duration.observe(labels, durationMs / 1000);
        if (reason !== undefined) this.aborts.inc({ ...labels, reason: reason.code });
      },
    };
  }

  /** A label that anybody may choose would make a series of each word. */
  #storeLabel(name: string | undefined): string {
    if (name === undefined) return 'none';
    return this.stores.has(name) || this.stores.hasSink(name) ? name : 'other';
  }
}
