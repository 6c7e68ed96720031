import type { Provider } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

import type { TransferDirection } from '../../contracts/index.js';
import { TransferRegistry, type TransferEntry } from '../../engine/index.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { METRIC_NAMES } from './metric-names.js';

const BY_STORE = ['direction', 'store'];
// From a small file to a night's upload.
const TRANSFER_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 43_200];
// From a page cache to a disk that struggles.
const WRITE_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
const DIRECTIONS: readonly TransferDirection[] = ['ingest', 'deliver'];

/** Everything that is exported, as providers: `@InjectMetric(METRIC_NAMES.bytes)` finds them. */
export const metricProviders: readonly Provider[] = [
  makeCounterProvider({
    name: METRIC_NAMES.bytes,
    help: 'Bytes that stores, sinks and clients have taken',
    labelNames: BY_STORE,
  }),
  makeCounterProvider({
    name: METRIC_NAMES.transfers,
    help: 'Settled transfers',
    labelNames: [...BY_STORE, 'outcome'],
  }),
  makeCounterProvider({
    name: METRIC_NAMES.aborts,
    help: 'Transfers that did not complete, by the code of the error that ended them',
    labelNames: [...BY_STORE, 'reason'],
  }),
  makeHistogramProvider({
    name: METRIC_NAMES.duration,
    help: 'Seconds from the beginning of a transfer to its settling',
    labelNames: BY_STORE,
    buckets: TRANSFER_BUCKETS,
  }),
  makeHistogramProvider({
    name: METRIC_NAMES.writeDuration,
    help: 'Seconds that one write to a store, sink or client took',
    labelNames: BY_STORE,
    buckets: WRITE_BUCKETS,
  }),
  makeGaugeProvider({
    name: METRIC_NAMES.inFlightTransfers,
    help: 'Transfers that run',
    labelNames: ['direction'],
    inject: [TransferRegistry],
    collect(transfers: TransferRegistry) {
      for (const [direction, running] of byDirection(transfers)) this.set({ direction }, running.length);
    },
  }),
  makeGaugeProvider({
    name: METRIC_NAMES.inFlightBytes,
    help: 'Bytes that are accepted and not settled',
    labelNames: ['direction'],
    inject: [TransferRegistry],
    collect(transfers: TransferRegistry) {
      for (const [direction, running] of byDirection(transfers)) {
        this.set(
          { direction },
          running.reduce((bytes, { progress }) => bytes + progress.inFlightBytes, 0),
        );
      }
    },
  }),
  makeGaugeProvider({
    name: METRIC_NAMES.eventLoopDelay,
    help: 'Delay of the event loop since the last scrape, in seconds',
    labelNames: ['quantile'],
    inject: [EventLoopDelay],
    collect(delay: EventLoopDelay) {
      for (const [quantile, seconds] of delay.takeQuantiles()) this.set({ quantile }, seconds);
    },
  }),
  makeCounterProvider({
    name: METRIC_NAMES.routeRequests,
    help: 'Requests of the routes that are measured',
    labelNames: ['route', 'outcome'],
  }),
  makeHistogramProvider({
    name: METRIC_NAMES.routeDuration,
    help: 'Seconds until the response of a measured route was sent or given up',
    labelNames: ['route'],
    buckets: TRANSFER_BUCKETS,
  }),
  makeCounterProvider({
    name: METRIC_NAMES.routeBytes,
    help: 'Bytes on the wire of the routes that are measured',
    labelNames: ['route', 'direction'],
  }),
];

function byDirection(transfers: TransferRegistry): [TransferDirection, TransferEntry[]][] {
  const running = transfers.list();
  return DIRECTIONS.map((direction) => [direction, running.filter((entry) => entry.direction === direction)]);
}
