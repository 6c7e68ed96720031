import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';

import { EventLoopDelay } from './event-loop-delay.js';
import { metricProviders } from './metric-providers.js';
import { TransferMetrics } from './transfer-metrics.js';

export interface StreamIngestionMetricsOptions {
  /** The `StreamIngestionModule`, where it is not global. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

/**
 * Metrics of every transfer, in the default registry of prom-client; what serves them is the `PrometheusModule` of
 * `@willsoto/nestjs-prometheus` (make it global for its `customMetricPrefix` to count here).
 *
 *     imports: [PrometheusModule.register(), StreamIngestionMetricsModule.register()]
 */
@Module({})
export class StreamIngestionMetricsModule {
  static register({ imports = [] }: StreamIngestionMetricsOptions = {}): DynamicModule {
    return {
      module: StreamIngestionMetricsModule,
      global: true,
      imports: [...imports],
      providers: [EventLoopDelay, ...metricProviders, TransferMetrics],
      // For @InjectMetric(), and for the interceptor on routes of any module.
      exports: [...metricProviders],
    };
  }
}
