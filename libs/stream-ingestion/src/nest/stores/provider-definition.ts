import type { FactoryProvider, InjectionToken, Provider, Type } from '@nestjs/common';

import type { Store } from '../../contracts/index.js';
import { refuseOption } from '../module/option-checks.js';
import { getSinkToken, getStoreToken } from '../module/tokens.js';
import type { SinkFactory } from './sink-factory.js';

/** How a named store or sink is made by the container, with dependencies of its own. */
export type NamedProvider<T> = { readonly name: string } & (
  | { readonly useClass: Type<T> }
  | { readonly useExisting: InjectionToken }
  | {
      // What a factory takes is what `inject` lists, which no type can tell.
      readonly useFactory: (...dependencies: never[]) => T | Promise<T>;
      readonly inject?: FactoryProvider['inject'];
    }
);

export type StoreProvider = NamedProvider<Store>;
export type SinkProvider = NamedProvider<SinkFactory>;

export function storeProviderOf(definition: StoreProvider): Provider {
  return providerOf(getStoreToken(definition.name), 'storeProviders', definition);
}

export function sinkProviderOf(definition: SinkProvider): Provider {
  return providerOf(getSinkToken(definition.name), 'sinkProviders', definition);
}

function providerOf<T>(provide: string, option: string, definition: NamedProvider<T>): Provider {
  if ('useClass' in definition) return { provide, useClass: definition.useClass };
  if ('useExisting' in definition) return { provide, useExisting: definition.useExisting };
  if ('useFactory' in definition) {
    const { useFactory, inject = [] } = definition;
    return { provide, useFactory: useFactory as FactoryProvider['useFactory'], inject };
  }
  return refuseOption(
    `${option}: "${String((definition as NamedProvider<T>).name)}" needs useClass, useExisting or useFactory`,
  );
}
