export { FilesModule } from './files/files.module.js';
export type { FilesModuleOptions } from './files/files-options.js';
export type { ObjectReport } from './files/object-report.js';
export { UntouchedBody } from './http/body-gate/untouched-body.decorator.js';
export { StreamIngestionModule } from './module/stream-ingestion.module.js';
export type { StreamIngestionExtras } from './module/module-definition.js';
export type {
  DefaultOptions,
  LimitOptions,
  NamedStore,
  ShutdownOptions,
  StreamIngestionOptions,
} from './module/module-options.js';
export { getSinkToken, getStoreToken } from './module/tokens.js';
export {
  DeliveryService,
  type DeliveryOptions,
  type ObjectName,
  type SendRequestOptions,
} from './services/delivery.service.js';
export type { CreateSink } from './services/ingestion-runner.js';
export { IngestionService, type MultipartIngestionOptions } from './services/ingestion.service.js';
export type { FileTarget, FormFields, FormFile, MultipartIngestion } from './services/multipart/multipart-ingestion.js';
export type { IngestionOptions, IngestTarget } from './services/ingest-target.js';
export { InjectSink } from './stores/inject-sink.decorator.js';
export { InjectStore } from './stores/inject-store.decorator.js';
export type { NamedProvider, SinkProvider, StoreProvider } from './stores/provider-definition.js';
export type { SinkFactory, SinkTarget } from './stores/sink-factory.js';
export { StoreRegistry } from './stores/store-registry.js';
export {
  TransferObservers,
  type ObservedTransfer,
  type TransferObserverFactory,
} from './transfers/transfer-observers.js';
