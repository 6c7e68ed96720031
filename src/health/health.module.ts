import { Module } from '@nestjs/common';
import { StreamIngestionHealthModule } from 'nestjs-stream-ingestion/health';

import { HealthController } from './health.controller.js';

@Module({ imports: [StreamIngestionHealthModule.register()], controllers: [HealthController] })
export class HealthModule {}
