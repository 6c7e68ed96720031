import { ConfigurableModuleBuilder, type DynamicModule, type ModuleMetadata } from '@nestjs/common';

import type { SinkProvider, StoreProvider } from '../stores/provider-definition.js';
import type { StreamIngestionOptions } from './module-options.js';
import { streamIngestionProviders } from './module-providers.js';

/** What the container must know before any option is computed. */
export interface StreamIngestionExtras {
  /** Make the exports available to every module. Default: false. */
  readonly isGlobal?: boolean;
  /** Modules whose exports the providers below depend on. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Stores that the container makes, with dependencies of their own. */
  readonly storeProviders?: readonly StoreProvider[];
  /** Sinks that the container makes, with dependencies of their own. */
  readonly sinkProviders?: readonly SinkProvider[];
  /** With `forRootAsync`: names of stores that its factory makes and that `@InjectStore(name)` shall find. */
  readonly storeNames?: readonly string[];
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<StreamIngestionOptions>({
  moduleName: 'StreamIngestion',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createStreamIngestionOptions')
  .setExtras<StreamIngestionExtras>(
    { isGlobal: false, imports: [], storeProviders: [], sinkProviders: [], storeNames: [] },
    (definition, extras) => complete(definition, extras),
  )
  .build();

function complete(definition: DynamicModule, extras: StreamIngestionExtras): DynamicModule {
  const { providers, exports } = streamIngestionProviders(MODULE_OPTIONS_TOKEN, extras);
  return {
    ...definition,
    global: extras.isGlobal ?? false,
    imports: [...new Set([...(definition.imports ?? []), ...(extras.imports ?? [])])],
    providers: [...(definition.providers ?? []), ...providers],
    exports: [...(definition.exports ?? []), ...exports],
  };
}
