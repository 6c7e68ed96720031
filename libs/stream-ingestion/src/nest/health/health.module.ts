import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { StreamIngestionHealthIndicator } from './stream-ingestion.health.js';

export interface StreamIngestionHealthOptions {
  /** The `StreamIngestionModule`, where it is not global. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

/** Provides {@link StreamIngestionHealthIndicator} to the application's own health controller. */
@Module({})
export class StreamIngestionHealthModule {
  static register({ imports = [] }: StreamIngestionHealthOptions = {}): DynamicModule {
    return {
      module: StreamIngestionHealthModule,
      imports: [TerminusModule, ...imports],
      providers: [StreamIngestionHealthIndicator],
      exports: [StreamIngestionHealthIndicator, TerminusModule],
    };
  }
}
