import { Controller, Get, UseFilters } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { StreamIngestionHealthIndicator } from 'nestjs-stream-ingestion/health';

import { HealthFilter } from './health.filter.js';

/** For whoever restarts the process (live) and whoever sends it work (ready). */
@Controller('health')
@UseFilters(HealthFilter)
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: StreamIngestionHealthIndicator,
  ) {}

  /** Answers as long as the event loop turns, also while shutting down: a restart would not help. */
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.indicator.store('store'),
      () => this.indicator.saturation('transfers'),
      () => this.indicator.draining('draining'),
    ]);
  }
}
