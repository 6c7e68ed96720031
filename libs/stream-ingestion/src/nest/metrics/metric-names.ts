/**
 * Names of the metrics. All labels are bounded: `store` is a configured name, or `none` for a transfer without one, or
 * `other`; `reason` is one of the library's error codes; `route` is a handler of the application.
 */
export const METRIC_NAMES = {
  /** Counter: bytes that stores, sinks and clients have taken. `direction`, `store`. */
  bytes: 'stream_ingestion_bytes_total',
  /** Counter: settled transfers. `direction`, `store`, `outcome`: completed, aborted, failed. */
  transfers: 'stream_ingestion_transfers_total',
  /** Counter: transfers that did not complete. `direction`, `store`, `reason`. */
  aborts: 'stream_ingestion_aborts_total',
  /** Histogram: seconds from the beginning of a transfer to its settling. `direction`, `store`. */
  duration: 'stream_ingestion_transfer_duration_seconds',
  /** Histogram: seconds that one write took. `direction`, `store`. */
  writeDuration: 'stream_ingestion_write_duration_seconds',
  /** Gauge: transfers that run. `direction`. */
  inFlightTransfers: 'stream_ingestion_in_flight_transfers',
  /** Gauge: bytes that are accepted and not settled. `direction`. */
  inFlightBytes: 'stream_ingestion_in_flight_bytes',
  /** Gauge: delay of the event loop since the last scrape. `quantile`: 0.5, 0.99, 1. */
  eventLoopDelay: 'stream_ingestion_event_loop_delay_seconds',
  /** Counter, by the route metrics interceptor. `route`, `outcome`: completed, refused, failed, aborted. */
  routeRequests: 'stream_ingestion_route_requests_total',
  /** Histogram, by the route metrics interceptor: seconds until the response was sent or given up. `route`. */
  routeDuration: 'stream_ingestion_route_duration_seconds',
  /** Counter, by the route metrics interceptor: bytes on the wire, heads included. `route`, `direction`: in, out. */
  routeBytes: 'stream_ingestion_route_bytes_total',
} as const;
