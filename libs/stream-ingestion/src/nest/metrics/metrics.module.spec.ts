import { Controller, Get, NotFoundException, UseInterceptors } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';

import { ADAPTERS, startApplication, type RunningApplication } from '../../../../../test/support/nest-application.js';
import { waitUntil } from '../../../../../test/support/wait-until.js';
import { memoryStore } from '../../stores/memory/index.js';
import { FilesModule } from '../controllers/files/files.module.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { IngestionService } from '../services/ingestion.service.js';
import { RouteMetricsInterceptor } from './route-metrics.interceptor.js';
import { StreamIngestionMetricsModule } from './metrics.module.js';

@Controller('plain')
@UseInterceptors(RouteMetricsInterceptor)
class PlainController {
  @Get('fine')
  fine(): string {
    return 'x'.repeat(1000);
  }

  @Get('missing')
  missing(): never {
    throw new NotFoundException();
  }
}

const sink = { write: () => undefined, finalize: () => undefined, abort: () => undefined };

describe.each(ADAPTERS)('metrics on %s', (adapter) => {
  let running: RunningApplication;

  beforeAll(async () => {
    running = await startApplication(adapter, {
      imports: [
        StreamIngestionModule.forRoot({ stores: { memory: memoryStore() }, isGlobal: true }),
        FilesModule.register(),
        PrometheusModule.register({ defaultMetrics: { enabled: false } }),
        StreamIngestionMetricsModule.register(),
      ],
      controllers: [PlainController],
    });
  });

  afterAll(async () => {
    await running.app.close();
    register.clear();
  });

  const scrape = async (): Promise<string> => (await fetch(`${running.url}/metrics`)).text();

  const waitForText = (expected: string): Promise<string> =>
    waitUntil(expected, async () => {
      const text = await scrape();
      return text.includes(expected) && text;
    });

  it('count transfers, bytes and writes by direction and store', async () => {
    await fetch(`${running.url}/files/a`, { method: 'PUT', body: 'twelve bytes' });
    await (await fetch(`${running.url}/files/a`)).text();
    const text = await scrape();
    const labels = 'store="memory"';
    expect(text).toContain(`stream_ingestion_bytes_total{direction="ingest",${labels}} 12`);
    expect(text).toContain(`stream_ingestion_bytes_total{direction="deliver",${labels}} 12`);
    expect(text).toContain(`stream_ingestion_transfers_total{direction="ingest",${labels},outcome="completed"} 1`);
    expect(text).toContain(`stream_ingestion_transfers_total{direction="deliver",${labels},outcome="completed"} 1`);
    expect(text).toContain(`stream_ingestion_transfer_duration_seconds_count{direction="ingest",${labels}} 1`);
    expect(text).toContain(`stream_ingestion_write_duration_seconds_count{direction="ingest",${labels}} 1`);
    expect(text).toContain('stream_ingestion_in_flight_transfers{direction="ingest"} 0');
    expect(text).toMatch(/stream_ingestion_event_loop_delay_seconds\{quantile="0\.99"\} \d/);
  });

  it('count what did not complete by its reason', async () => {
    const wrong = `sha-256=:${Buffer.alloc(32).toString('base64')}:`;
    await fetch(`${running.url}/files/b`, { method: 'PUT', body: 'x', headers: { 'content-digest': wrong } });
    const text = await scrape();
    expect(text).toContain(
      'stream_ingestion_aborts_total{direction="ingest",store="memory",reason="DIGEST_MISMATCH"} 1',
    );
    expect(text).toContain('stream_ingestion_transfers_total{direction="ingest",store="memory",outcome="failed"} 1');
  });

  it('show what is in flight', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const ingested = running.app
      .get(IngestionService)
      .ingestInto([Buffer.alloc(100)], { ...sink, write: () => released });
    await waitForText('stream_ingestion_in_flight_bytes{direction="ingest"} 100');
    expect(await scrape()).toContain('stream_ingestion_in_flight_transfers{direction="ingest"} 1');
    release();
    await ingested;
  });

  it('have labels of a bounded number, whatever the words of requests', async () => {
    for (let index = 0; index < 20; index += 1) {
      await fetch(`${running.url}/files/key-${index}?store=store-${index}`, { method: 'PUT', body: 'x' });
    }
    await running.app.get(IngestionService).ingestInto([], sink, {}, { store: 'made up' });
    const text = await scrape();
    expect(new Set(text.match(/store="[^"]*"/g))).toEqual(new Set(['store="memory"', 'store="none"', 'store="other"']));
  });

  it('measure any route', async () => {
    await (await fetch(`${running.url}/plain/fine`)).text();
    await (await fetch(`${running.url}/plain/missing`)).text();
    const counted = 'stream_ingestion_route_requests_total';
    await waitForText(`${counted}{route="PlainController.fine",outcome="completed"} 1`);
    const text = await waitForText(`${counted}{route="PlainController.missing",outcome="refused"} 1`);
    const out = /stream_ingestion_route_bytes_total\{route="PlainController\.fine",direction="out"\} (\d+)/.exec(text);
    expect(Number(out?.[1])).toBeGreaterThanOrEqual(1000);
    expect(text).toContain('stream_ingestion_route_duration_seconds_count{route="PlainController.fine"} 1');
  });
});
