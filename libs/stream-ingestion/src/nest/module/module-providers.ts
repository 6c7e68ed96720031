import type { InjectionToken, Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';

import type { Store } from '../../contracts/index.js';
import { TransferRegistry } from '../../engine/index.js';
import { StreamIngestionExceptionFilter } from '../errors/stream-ingestion-exception.filter.js';
import { BodyGate } from '../http/body-gate/body-gate.js';
import { IngestionRunner } from '../services/ingestion-runner.js';
import { IngestionService } from '../services/ingestion.service.js';
import { DeliveryService } from '../services/delivery.service.js';
import { HttpServerWatch } from '../shutdown/http-server-watch.js';
import { TransferShutdown } from '../shutdown/transfer-shutdown.js';
import { sinkProviderOf, storeProviderOf } from '../stores/provider-definition.js';
import type { SinkFactory } from '../stores/sink-factory.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { TransferObservers } from '../transfers/transfer-observers.js';
import type { StreamIngestionExtras } from './module-definition.js';
import type { NamedStore, StreamIngestionOptions } from './module-options.js';
import { resolveOptions, type ResolvedOptions } from './resolve-options.js';
import { getSinkToken, getStoreToken, RESOLVED_OPTIONS } from './tokens.js';

export interface ModuleProviders {
  readonly providers: Provider[];
  readonly exports: InjectionToken[];
}

/** The providers of one `forRoot` or `forRootAsync` call. */
export function streamIngestionProviders(optionsToken: InjectionToken, extras: ForRootExtras): ModuleProviders {
  const { storeProviders = [], sinkProviders = [] } = extras;
  const storeNames = injectableNames(extras);
  const registry: Provider = {
    provide: StoreRegistry,
    inject: [
      optionsToken,
      ...storeProviders.map(({ name }) => getStoreToken(name)),
      ...sinkProviders.map(({ name }) => getSinkToken(name)),
    ],
    useFactory: ({ stores, defaultStore }: StreamIngestionOptions, ...made: (Store | SinkFactory)[]) =>
      new StoreRegistry({
        stores: [
          ...namedStores(stores),
          ...storeProviders.map(({ name }, index) => [name, made[index] as Store] as const),
        ],
        sinks: sinkProviders.map(({ name }, index) => [name, made[storeProviders.length + index] as SinkFactory]),
        defaultStore,
      }),
  };
  const providers: Provider[] = [
    { provide: RESOLVED_OPTIONS, inject: [optionsToken], useFactory: resolveOptions },
    ...storeProviders.map(storeProviderOf),
    ...sinkProviders.map(sinkProviderOf),
    registry,
    {
      provide: getStoreToken(),
      inject: [StoreRegistry],
      // An application with sinks alone has none.
      useFactory: (stores: StoreRegistry) => (stores.defaultName === undefined ? undefined : stores.get()),
    },
    ...storeNames.map((name) => ({
      provide: getStoreToken(name),
      inject: [StoreRegistry],
      useFactory: (stores: StoreRegistry) => stores.get(name),
    })),
    TransferObservers,
    {
      provide: TransferRegistry,
      inject: [RESOLVED_OPTIONS, TransferObservers],
      useFactory: ({ limits, recentTransfers }: ResolvedOptions, observers: TransferObservers) =>
        new TransferRegistry({
          maxConcurrent: limits.maxConcurrentTransfers,
          recentLimit: recentTransfers,
          observerFor: (transfer) => observers.observerFor(transfer),
        }),
    },
    { provide: APP_FILTER, useClass: StreamIngestionExceptionFilter },
    BodyGate,
    HttpServerWatch,
    TransferShutdown,
    IngestionRunner,
    IngestionService,
    DeliveryService,
  ];
  return {
    providers,
    exports: [
      RESOLVED_OPTIONS,
      StoreRegistry,
      TransferObservers,
      TransferRegistry,
      TransferShutdown,
      IngestionService,
      DeliveryService,
      getStoreToken(),
      ...[...storeNames, ...storeProviders.map(({ name }) => name)].map((name) => getStoreToken(name)),
      ...sinkProviders.map(({ name }) => getSinkToken(name)),
    ],
  };
}

/** `forRoot` hands its options over too, so that the names of its stores are known before the container starts. */
export type ForRootExtras = StreamIngestionExtras & Pick<StreamIngestionOptions, 'stores'>;

function injectableNames({ storeNames = [], storeProviders = [], stores }: ForRootExtras): string[] {
  const provided = new Set(storeProviders.map(({ name }) => name));
  const named = [...storeNames, ...namedStores(stores).map(([name]) => name)];
  return [...new Set(named)].filter((name) => !provided.has(name));
}

function namedStores(stores: StreamIngestionOptions['stores']): (readonly [string, Store])[] {
  if (stores === undefined) return [];
  if (isList(stores)) return stores.map(({ name, store }) => [name, store]);
  return Object.entries(stores);
}

function isList(stores: NonNullable<StreamIngestionOptions['stores']>): stores is readonly NamedStore[] {
  return Array.isArray(stores);
}
