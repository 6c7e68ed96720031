import { Module, type DynamicModule } from '@nestjs/common';
import { FilesModule, memoryStore, StreamIngestionModule } from 'nestjs-stream-ingestion';

import { PageController } from './page/page.controller.js';
import type { Settings } from './settings/index.js';

/** The file service. */
@Module({})
export class AppModule {
  static for(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        StreamIngestionModule.forRoot({
          isGlobal: true,
          stores: { fs: memoryStore() },
          defaultStore: settings.defaultStore,
          limits: {
            ...(settings.maxUploadBytes === undefined ? {} : { maxUploadBytes: settings.maxUploadBytes }),
            maxConcurrentTransfers: settings.maxConcurrentTransfers,
            idleTimeoutMs: settings.idleTimeoutMs,
          },
          shutdown: { drainDelayMs: settings.shutdownDrainDelayMs, graceMs: settings.shutdownGraceMs },
        }),
        FilesModule.register(),
      ],
      controllers: [PageController],
    };
  }
}
