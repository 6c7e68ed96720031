export { StreamIngestionHealthModule, type StreamIngestionHealthOptions } from './health.module.js';
export {
  StreamIngestionHealthIndicator,
  type SaturationOptions,
  type StoreHealthOptions,
} from './stream-ingestion.health.js';
