import { join } from 'node:path';

import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { FilesModule, ProblemFilter, StreamIngestionModule, TransfersModule } from 'nestjs-stream-ingestion';
import { StreamIngestionMetricsModule } from 'nestjs-stream-ingestion/metrics';
import { fsStore } from 'nestjs-stream-ingestion/stores/fs';

import { BandwidthLimits } from './bandwidth/index.js';
import { DocsModule } from './docs/docs.module.js';
import { HealthModule } from './health/health.module.js';
import { PageController } from './page/page.controller.js';
import type { Settings } from './settings/index.js';

/** The file service. */
@Module({})
export class AppModule {
  static for(settings: Settings): DynamicModule {
    const bandwidth = new BandwidthLimits({
      total: settings.bandwidthLimit,
      perClient: settings.bandwidthLimitPerClient,
    });
    return {
      module: AppModule,
      imports: [
        StreamIngestionModule.forRoot({
          isGlobal: true,
          stores: { fs: fsStore({ root: join(settings.dataDir, 'files') }) },
          defaultStore: settings.defaultStore,
          limits: {
            ...(settings.maxUploadBytes === undefined ? {} : { maxUploadBytes: settings.maxUploadBytes }),
            maxConcurrentTransfers: settings.maxConcurrentTransfers,
            idleTimeoutMs: settings.idleTimeoutMs,
          },
          shutdown: { drainDelayMs: settings.shutdownDrainDelayMs, graceMs: settings.shutdownGraceMs },
        }),
        FilesModule.register({ transforms: ({ request }) => bandwidth.transformsFor(request) }),
        TransfersModule.register(),
        PrometheusModule.register({ path: 'metrics' }),
        StreamIngestionMetricsModule.register(),
        HealthModule,
        DocsModule,
      ],
      controllers: [PageController],
      // Routes that are not there, too, are answered with a problem document.
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
