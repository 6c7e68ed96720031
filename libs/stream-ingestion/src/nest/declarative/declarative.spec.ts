import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';

import {
  BadRequestException,
  Controller,
  Get,
  Injectable,
  Param,
  Post,
  Put,
  UseGuards,
  UseInterceptors,
  type CanActivate,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';

import { ADAPTERS, startApplication, type RunningApplication } from '../../../../../test/support/nest-application.js';
import { waitUntil } from '../../../../../test/support/wait-until.js';
import { StreamIngestionError, type IngestionReport, type StoredObject } from '../../contracts/index.js';
import type { MultipartPart, RawUpload } from '../../http/index.js';
import { MemoryStore } from '../../stores/memory/index.js';
import { gunzip } from '../../transforms/index.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { IngestionService } from '../services/ingestion.service.js';
import type { FormFields } from '../services/multipart/multipart-ingestion.js';
import { AbortOnDisconnectInterceptor } from './abort-on-disconnect.interceptor.js';
import { ClientSignal } from './client-signal.decorator.js';
import { Deliver } from './deliver.decorator.js';
import { DeliverInterceptor } from './deliver.interceptor.js';
import { Delivery } from './delivery.js';
import { Ingest } from './ingest.decorator.js';
import { Ingested, IngestedFields, IngestedFiles } from './ingested.decorator.js';
import { UploadParts, UploadStream } from './upload-stream.decorator.js';

type Report = IngestionReport<StoredObject>;
interface WithId {
  readonly params: { readonly id: string };
}

const seen: unknown[] = [];

@Injectable()
class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Controller('uploads')
class UploadsController {
  @Put('raw/:id')
  @Ingest<WithId>({
    key: (_upload, request) => `raw/${request.params.id}`,
    metadata: ({ contentType }) => ({ claimed: contentType ?? 'nothing' }),
  })
  raw(@Ingested() report: Report, @Param('id') id: string): unknown {
    return { id, size: report.result.size, created: report.result.created, metadata: report.result.metadata };
  }

  @Post('form')
  @Ingest({
    store: 'second',
    key: ({ filename, fields }) => filename && `${fields.get('folder')?.[0] ?? 'none'}/${filename}`,
    limits: { maxFiles: 3 },
  })
  form(@IngestedFiles() reports: Report[], @IngestedFields() fields: FormFields): unknown {
    return { keys: reports.map(({ result }) => result.key), fields: Object.fromEntries(fields) };
  }

  @Put('refused/:id')
  @Ingest<WithId>({ key: (_upload, request) => `refused/${request.params.id}` })
  refused(): never {
    throw new BadRequestException('not this one');
  }

  @Put('kept/:id')
  @Ingest<WithId>({ key: (_upload, request) => `kept/${request.params.id}`, undoOnError: false })
  kept(): never {
    throw new BadRequestException('not this one');
  }

  @Put('unzipped')
  @Ingest({ key: () => 'unzipped', options: () => ({ transforms: [gunzip()] }) })
  unzipped(@Ingested() report: Report): number {
    return report.result.size;
  }

  @Put('guarded')
  @UseGuards(Nobody)
  @Ingest({ key: () => 'guarded' })
  guarded(): void {
    seen.push('guarded');
  }

  @Post('pulled')
  async pulled(@UploadStream() upload: RawUpload): Promise<unknown> {
    let bytes = 0;
    for await (const chunk of upload.source) bytes += (chunk as Buffer).length;
    return { bytes, expectedBytes: upload.expectedBytes, contentType: upload.contentType };
  }

  @Post('parts')
  async parts(@UploadParts({ maxFiles: 2 }) parts: AsyncGenerator<MultipartPart>): Promise<unknown> {
    const found: unknown[] = [];
    for await (const part of parts) {
      if (part.kind === 'field') found.push([part.name, part.value]);
      else {
        let bytes = 0;
        for await (const chunk of part.source) bytes += (chunk as Buffer).length;
        found.push([part.name, bytes]);
      }
    }
    return found;
  }
}

@Controller('downloads')
@Deliver()
class DownloadsController {
  @Get('plain')
  plain(): unknown {
    return { not: 'a delivery' };
  }

  @Get('key/:id')
  key(@Param('id') id: string): Delivery {
    return new Delivery(`raw/${id}`);
  }

  @Get('named/:id')
  named(@Param('id') id: string): Promise<Delivery> {
    const name = { key: `raw/${id}`, store: 'memory' };
    return Promise.resolve(new Delivery(name, { plan: { downloadName: 'a "b".txt', cacheControl: 'max-age=60' } }));
  }
}

@Controller('signal')
@UseInterceptors(AbortOnDisconnectInterceptor)
class SignalController {
  @Get('wait')
  async wait(@ClientSignal() signal: AbortSignal): Promise<never> {
    seen.push('waiting');
    await once(signal, 'abort');
    seen.push((signal.reason as StreamIngestionError).code);
    throw new Error('what came of it');
  }

  @Get('quick')
  quick(@ClientSignal() signal: AbortSignal): boolean {
    return signal.aborted;
  }
}

@Controller('anywhere')
class AnywhereController {
  @Get('delivery')
  delivery(): Delivery {
    return new Delivery('object');
  }

  @Get('text')
  text(): string {
    return 'text';
  }
}

describe.each(ADAPTERS)('deliveries of a whole application on %s', (adapter) => {
  it('need nothing on the handler', async () => {
    const { app, url } = await startApplication(adapter, {
      imports: [StreamIngestionModule.forRoot({ stores: { memory: new MemoryStore() }, isGlobal: true })],
      controllers: [AnywhereController],
      providers: [{ provide: APP_INTERCEPTOR, useClass: DeliverInterceptor }],
    });
    await app.get(IngestionService).ingest([Buffer.from('0123456789')], { key: 'object' });
    const response = await fetch(`${url}/anywhere/delivery`, { headers: { range: 'bytes=-2' } });
    expect([response.status, await response.text()]).toEqual([206, '89']);
    expect(await (await fetch(`${url}/anywhere/text`)).text()).toBe('text');
    await app.close();
  });
});

describe.each(ADAPTERS)('handlers that say what they want, on %s', (adapter) => {
  const memory = new MemoryStore();
  const second = new MemoryStore();
  let running: RunningApplication;

  beforeAll(async () => {
    running = await startApplication(adapter, {
      imports: [StreamIngestionModule.forRoot({ stores: { memory, second }, isGlobal: true })],
      controllers: [UploadsController, DownloadsController, SignalController],
    });
  });

  afterAll(() => running.app.close());
  beforeEach(() => seen.splice(0));

  const send = (
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | FormData,
    headers: Record<string, string> = {},
  ): Promise<Response> => fetch(`${running.url}${path}`, { method, body, headers });
  const keysOf = async (store: MemoryStore, prefix: string): Promise<string[]> =>
    (await store.list({ prefix })).objects.map(({ key }) => key);

  describe('@Ingest()', () => {
    it('stores a raw body before the handler runs', async () => {
      const response = await send('PUT', '/uploads/raw/7', '{"a":1}', { 'content-type': 'application/json' });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        id: '7',
        size: 7,
        created: true,
        metadata: { claimed: 'application/json' },
      });
      expect(await (await memory.open('raw/7')).stat()).toMatchObject({ contentType: 'application/json' });
    });

    it('takes a body far past any buffer', async () => {
      const response = await send('PUT', '/uploads/raw/big', randomBytes(20_000_000));
      expect(await response.json()).toMatchObject({ size: 20_000_000 });
    });

    it('stores the files of a form, skips what has no key, and hands the fields over', async () => {
      const form = new FormData();
      form.append('folder', 'in');
      form.append('a', new Blob(['first']), 'a.txt');
      form.append('empty', new Blob([]), '');
      form.append('b', new Blob(['second']), 'b.txt');
      form.append('late', 'yes');
      const response = await send('POST', '/uploads/form', form);
      expect(await response.json()).toEqual({
        keys: ['in/a.txt', 'in/b.txt'],
        fields: { folder: ['in'], late: ['yes'] },
      });
      expect(await keysOf(second, 'in/')).toEqual(['in/a.txt', 'in/b.txt']);
      expect(await keysOf(memory, 'in/')).toEqual([]);
    });

    it('keeps nothing of a form that passes a limit', async () => {
      const form = new FormData();
      form.append('folder', 'limited');
      for (const name of ['1', '2', '3', '4']) form.append('file', new Blob([name]), name);
      const response = await send('POST', '/uploads/form', form);
      expect([response.status, await response.json()]).toMatchObject([413, { code: 'LIMIT_EXCEEDED' }]);
      expect(await keysOf(second, 'limited/')).toEqual([]);
    });

    it('deletes what it created where the handler refuses, in the application’s own words', async () => {
      const response = await send('PUT', '/uploads/refused/1', 'x');
      expect([response.status, await response.json()]).toMatchObject([400, { message: 'not this one' }]);
      expect(await keysOf(memory, 'refused/')).toEqual([]);
    });

    it('keeps it where that is wanted', async () => {
      expect((await send('PUT', '/uploads/kept/1', 'x')).status).toBe(400);
      expect(await keysOf(memory, 'kept/')).toEqual(['kept/1']);
    });

    it('runs transforms on the way', async () => {
      const { gzipSync } = await import('node:zlib');
      const response = await send('PUT', '/uploads/unzipped', new Uint8Array(gzipSync('x'.repeat(5000))));
      expect(await response.json()).toBe(5000);
    });

    it('reads nothing of a request that a guard refuses', async () => {
      const response = await send('PUT', '/uploads/guarded', 'x'.repeat(100_000));
      expect(response.status).toBe(403);
      expect([seen, await keysOf(memory, 'guarded')]).toEqual([[], []]);
    });

    it('answers a key that is not allowed with a problem document', async () => {
      const response = await send('PUT', '/uploads/raw/..%5Cx', 'x');
      expect([response.status, await response.json()]).toMatchObject([400, { code: 'INVALID_KEY' }]);
    });
  });

  describe('@UploadStream() and @UploadParts()', () => {
    it('hands the body over to be pulled, however long it is', async () => {
      const response = await send('POST', '/uploads/pulled', randomBytes(20_000_000), { 'content-type': 'text/plain' });
      expect(await response.json()).toEqual({
        bytes: 20_000_000,
        expectedBytes: 20_000_000,
        contentType: 'text/plain',
      });
    });

    it('hands the parts over one after the other', async () => {
      const form = new FormData();
      form.append('a', 'one');
      form.append('b', new Blob([randomBytes(3_000_000)]), 'b.bin');
      form.append('c', 'two');
      const response = await send('POST', '/uploads/parts', form);
      expect(await response.json()).toEqual([
        ['a', 'one'],
        ['b', 3_000_000],
        ['c', 'two'],
      ]);
    });
  });

  describe('@Deliver()', () => {
    beforeAll(() => send('PUT', '/uploads/raw/out', '0123456789'));

    it('sends a delivery, with Range and conditions', async () => {
      const whole = await fetch(`${running.url}/downloads/key/out`);
      expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
      const etag = whole.headers.get('etag') ?? '';
      const part = await fetch(`${running.url}/downloads/key/out`, { headers: { range: 'bytes=3-5' } });
      expect([part.status, await part.text()]).toEqual([206, '345']);
      const same = await fetch(`${running.url}/downloads/key/out`, { headers: { 'if-none-match': etag } });
      expect(same.status).toBe(304);
      const head = await fetch(`${running.url}/downloads/key/out`, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
    });

    it('sends it under another name, for as long as the handler says', async () => {
      const response = await fetch(`${running.url}/downloads/named/out`);
      expect(response.headers.get('content-disposition')).toContain('attachment; filename="a \\"b\\".txt"');
      expect(response.headers.get('cache-control')).toBe('max-age=60');
      expect(await response.text()).toBe('0123456789');
    });

    it('answers what is not there with a problem document', async () => {
      const response = await fetch(`${running.url}/downloads/key/missing`);
      expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    });

    it('passes anything else through', async () => {
      expect(await (await fetch(`${running.url}/downloads/plain`)).json()).toEqual({ not: 'a delivery' });
    });
  });

  describe('@ClientSignal()', () => {
    it('fires when the client goes away', async () => {
      const client = httpRequest(`${running.url}/signal/wait`).on('error', () => undefined);
      client.end();
      await waitUntil('the handler runs', () => seen.includes('waiting'));
      client.destroy();
      await waitUntil('the signal fired', () => seen.length === 2);
      expect(seen).toEqual(['waiting', 'DESTINATION_CLOSED']);
    });

    it('does not fire where the client waits', async () => {
      expect(await (await fetch(`${running.url}/signal/quick`)).text()).toBe('false');
    });
  });
});
