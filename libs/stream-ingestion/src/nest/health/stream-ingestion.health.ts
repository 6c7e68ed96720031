import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';

import type { StoreHealth } from '../../contracts/index.js';
import { TransferRegistry } from '../../engine/index.js';
import { TransferShutdown } from '../shutdown/transfer-shutdown.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { within } from './within.js';

export interface StoreHealthOptions {
  /** Default: the default store. */
  readonly store?: string;
  /** Down below that many free bytes, where the store knows. Default: no bound. */
  readonly minFreeBytes?: number;
  /** Degraded below that many free bytes, where the store knows. Default: no bound. */
  readonly lowFreeBytes?: number;
  /** Down where the store has not answered by then. Default: 5,000. */
  readonly timeoutMs?: number;
}

export interface SaturationOptions {
  /** Degraded above that share of the most transfers at once, 0 to 1. Default: 0.9. */
  readonly degradedAbove?: number;
}

/**
 * What @nestjs/terminus asks. Each method is one indicator:
 *
 *     health.check([
 *       () => indicator.store('store', { minFreeBytes: 1e9 }),
 *       () => indicator.saturation('transfers'),
 *       () => indicator.draining('draining'),
 *     ])
 */
@Injectable()
export class StreamIngestionHealthIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly stores: StoreRegistry,
    private readonly transfers: TransferRegistry,
    private readonly shutdown: TransferShutdown,
  ) {}

  /** Up: the store can be reached and written, and has room. @throws UNKNOWN_STORE */
  async store<Key extends string>(key: Key, options: StoreHealthOptions = {}): Promise<HealthIndicatorResult<Key>> {
    const { timeoutMs = 5000, minFreeBytes = 0, lowFreeBytes = 0 } = options;
    const store = this.stores.get(options.store);
    const indicator = this.indicators.check(key);
    let health: StoreHealth;
    try {
      health = await within(timeoutMs, (signal) => store.check(signal));
    } catch (error) {
      return indicator.down({ message: error instanceof Error ? error.message : String(error) });
    }
    const { writable, freeBytes, detail } = health;
    const facts = {
      ...(freeBytes === undefined ? {} : { freeBytes }),
      ...(detail === undefined ? {} : { detail }),
    };
    if (!writable) return indicator.down({ ...facts, message: 'the store cannot be written' });
    if (freeBytes !== undefined && freeBytes < minFreeBytes) {
      return indicator.down({ ...facts, message: `fewer than ${minFreeBytes} bytes are free` });
    }
    if (freeBytes !== undefined && freeBytes < lowFreeBytes) {
      return indicator.degraded({ ...facts, message: `fewer than ${lowFreeBytes} bytes are free` });
    }
    return indicator.up(facts);
  }

  /** Degraded (which stays 200) where nearly as many transfers run as are allowed. */
  saturation<Key extends string>(
    key: Key,
    { degradedAbove = 0.9 }: SaturationOptions = {},
  ): HealthIndicatorResult<Key> {
    const { running, maxConcurrent } = this.transfers;
    const indicator = this.indicators.check(key);
    return running > maxConcurrent * degradedAbove
      ? indicator.degraded({ running, maxConcurrent })
      : indicator.up({ running, maxConcurrent });
  }

  /** Down from the first moment of a shutdown, so that balancers send nobody here any more. For readiness. */
  draining<Key extends string>(key: Key): HealthIndicatorResult<Key> {
    const { running, state } = this.transfers;
    const indicator = this.indicators.check(key);
    return this.shutdown.begun || state !== 'running'
      ? indicator.down({ running, message: 'the process is shutting down' })
      : indicator.up();
  }
}
