import { Module, type NestModule, type OnModuleInit } from '@nestjs/common';

import { BodyGate } from '../http/body-gate/body-gate.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { ConfigurableModuleClass } from './module-definition.js';

/**
 * Streaming uploads and downloads for an application.
 *
 *     StreamIngestionModule.forRoot({ stores: { files: new FsStore({ root: './data' }) }, isGlobal: true })
 */
@Module({})
export class StreamIngestionModule extends ConfigurableModuleClass implements NestModule, OnModuleInit {
  constructor(
    private readonly stores: StoreRegistry,
    private readonly bodyGate: BodyGate,
  ) {
    super();
  }

  /** Nest calls it when the body parsers are registered and no route is yet. */
  configure(): void {
    this.bodyGate.afterParsers();
  }

  async onModuleInit(): Promise<void> {
    for (const [, store] of this.stores.entries()) await store.start?.();
  }
}
