export { FilesModule } from './controllers/files/files.module.js';
export type { FilesModuleOptions, FileTransfer } from './controllers/files/files-options.js';
export type { ObjectList } from './controllers/files/list-objects.js';
export type { ObjectDescription, UploadDescription } from './controllers/files/object-description.js';
export type { TransferDescription } from './controllers/transfers/transfer-description.js';
export type { TransferList } from './controllers/transfers/transfers.controller.js';
export { TransfersModule, type TransfersModuleOptions } from './controllers/transfers/transfers.module.js';
export type { MountOptions } from './controllers/mount-options.js';
export { AbortOnDisconnectInterceptor } from './declarative/abort-on-disconnect.interceptor.js';
export { ClientSignal } from './declarative/client-signal.decorator.js';
export { Deliver } from './declarative/deliver.decorator.js';
export { DeliverInterceptor } from './declarative/deliver.interceptor.js';
export { Delivery, isDelivery } from './declarative/delivery.js';
export { Ingest } from './declarative/ingest.decorator.js';
export { IngestInterceptor } from './declarative/ingest.interceptor.js';
export type { IncomingUpload, IngestPlan } from './declarative/ingest-plan.js';
export { Ingested, IngestedFields, IngestedFiles } from './declarative/ingested.decorator.js';
export { UploadParts, UploadStream } from './declarative/upload-stream.decorator.js';
export { ProblemFilter } from './errors/problem.filter.js';
export { StreamIngestionExceptionFilter } from './errors/stream-ingestion-exception.filter.js';
export { UntouchedBody } from './http/body-gate/untouched-body.decorator.js';
export { WildcardPath } from './http/body-gate/wildcard-path.decorator.js';
export { splitPath, type SplitPath } from './http/wildcard-path.js';
export { StreamIngestionModule } from './module/stream-ingestion.module.js';
export type { StreamIngestionExtras } from './module/module-definition.js';
export type {
  DefaultOptions,
  LimitOptions,
  NamedStore,
  ShutdownOptions,
  StreamIngestionOptions,
} from './module/module-options.js';
export { filesOpenApiPaths } from './openapi/files-paths.js';
export type { OpenApiOperation, OpenApiPathItem, OpenApiPaths, OpenApiPathsOptions } from './openapi/openapi.js';
export { transfersOpenApiPaths } from './openapi/transfers-paths.js';
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
export { shutdownOnSignals, type ShutdownOnSignalsOptions } from './shutdown/shutdown-on-signals.js';
export { TransferShutdown } from './shutdown/transfer-shutdown.js';
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
