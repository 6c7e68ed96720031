import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';

import { ADAPTERS, startApplication, type RunningApplication } from '../../../../../test/support/nest-application.js';
import { StreamIngestionError, type StoreHealth } from '../../contracts/index.js';
import { MemoryStore } from '../../stores/memory/index.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { IngestionService } from '../services/ingestion.service.js';
import { TransferShutdown } from '../shutdown/transfer-shutdown.js';
import { StreamIngestionHealthModule } from './health.module.js';
import { StreamIngestionHealthIndicator } from './stream-ingestion.health.js';

/** A store of which the test says how it is. */
class MoodyStore extends MemoryStore {
  mood: () => Promise<StoreHealth> = () => super.check();

  override check(): Promise<StoreHealth> {
    return this.mood();
  }
}

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: StreamIngestionHealthIndicator,
  ) {}

  @Get('store')
  @HealthCheck()
  store(): Promise<HealthCheckResult> {
    const options = { store: 'moody', minFreeBytes: 100, lowFreeBytes: 200, timeoutMs: 50 };
    return this.health.check([() => this.indicator.store('moody', options)]);
  }

  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.indicator.store('memory'),
      () => this.indicator.saturation('transfers', { degradedAbove: 0.5 }),
      () => this.indicator.draining('draining'),
    ]);
  }
}

describe.each(ADAPTERS)('health on %s', (adapter) => {
  const moody = new MoodyStore();
  let running: RunningApplication;

  beforeAll(async () => {
    running = await startApplication(adapter, {
      imports: [
        StreamIngestionModule.forRoot({
          stores: { memory: new MemoryStore(), moody },
          limits: { maxConcurrentTransfers: 2 },
          isGlobal: true,
        }),
        StreamIngestionHealthModule.register(),
      ],
      controllers: [HealthController],
    });
  });

  afterAll(() => running.app.close());

  async function check(path: string): Promise<{ status: number; body: HealthCheckResult }> {
    const response = await fetch(`${running.url}/health/${path}`);
    return { status: response.status, body: (await response.json()) as HealthCheckResult };
  }

  it('is up where the stores are', async () => {
    const { status, body } = await check('ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      details: {
        memory: { status: 'up' },
        transfers: { status: 'up', running: 0, maxConcurrent: 2 },
        draining: { status: 'up' },
      },
    });
  });

  it.each<[string, () => Promise<StoreHealth>, number, string]>([
    ['up where there is room', async () => ({ writable: true, freeBytes: 200 }), 200, 'up'],
    ['up where the store does not know its room', async () => ({ writable: true }), 200, 'up'],
    ['degraded where room gets scarce', async () => ({ writable: true, freeBytes: 199 }), 200, 'degraded'],
    ['down where there is no room', async () => ({ writable: true, freeBytes: 99 }), 503, 'down'],
    ['down where it cannot be written', async () => ({ writable: false }), 503, 'down'],
    [
      'down where it cannot be reached',
      () => Promise.reject(new StreamIngestionError('STORE_UNAVAILABLE', 'gone')),
      503,
      'down',
    ],
    ['down where it does not answer', () => new Promise(() => undefined), 503, 'down'],
  ])('says of a store: %s', async (_name, mood, status, indicated) => {
    moody.mood = mood;
    const answer = await check('store');
    expect(answer.status).toBe(status);
    expect(answer.body.details).toMatchObject({ moody: { status: indicated } });
  });

  it('is degraded, not down, where most of the allowed transfers run', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sink = { write: () => released, finalize: () => undefined, abort: () => undefined };
    const ingestion = running.app.get(IngestionService);
    const transfers = [1, 2].map(() => ingestion.ingestInto([Buffer.from('x')], sink));
    const { status, body } = await check('ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.details).toMatchObject({ transfers: { status: 'degraded', running: 2, maxConcurrent: 2 } });
    release();
    await Promise.all(transfers);
  });

  it('is down from the first moment of a shutdown', async () => {
    running.app.get(TransferShutdown).onModuleDestroy();
    const { status, body } = await check('ready');
    expect(status).toBe(503);
    expect(body.details).toMatchObject({ memory: { status: 'up' }, draining: { status: 'down' } });
  });
});
