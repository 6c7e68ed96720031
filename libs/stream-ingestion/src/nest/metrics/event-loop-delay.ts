import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

const NANOSECONDS = 1e9;
const RESOLUTION_MS = 10;

/** How late the event loop was, since it was last asked. */
@Injectable()
export class EventLoopDelay implements OnModuleInit, OnApplicationShutdown {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  onModuleInit(): void {
    this.#histogram.enable();
  }

  onApplicationShutdown(): void {
    this.#histogram.disable();
  }

  /** Quantiles in seconds, the highest being the maximum; begins anew. */
  takeQuantiles(): readonly (readonly [quantile: string, seconds: number])[] {
    const { max } = this.#histogram;
    const quantiles = [
      ['0.5', this.#histogram.percentile(50)],
      ['0.99', this.#histogram.percentile(99)],
      ['1', max],
    ] as const;
    this.#histogram.reset();
    // The histogram counts the whole interval between two of its ticks.
    return quantiles.map(([quantile, nanoseconds]) => [
      quantile,
      Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000),
    ]);
  }
}
