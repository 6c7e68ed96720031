export { METRIC_NAMES } from './metric-names.js';
export { StreamIngestionMetricsModule, type StreamIngestionMetricsOptions } from './metrics.module.js';
export { RouteMetricsInterceptor } from './route-metrics.interceptor.js';
