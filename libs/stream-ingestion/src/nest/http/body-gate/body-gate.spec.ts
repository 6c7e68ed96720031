import { Body, Controller, Param, Post, Put, Req, VersioningType, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';

import {
  ADAPTERS,
  createAdapter,
  startApplication,
  type RunningApplication,
} from '../../../../../../test/support/nest-application.js';
import { memoryStore } from '../../../stores/memory/index.js';
import { StreamIngestionModule } from '../../module/stream-ingestion.module.js';
import { nativeRequestOf } from '../native-request.js';
import { UntouchedBody } from './untouched-body.decorator.js';

/** What the handler of a raw route sees. */
interface Seen {
  readonly bytes: string;
  readonly contentType?: string;
  readonly contentLength?: string;
  readonly transferEncoding?: string;
}

@Controller('things')
class ThingsController {
  @Post('json')
  json(@Body() body: unknown): unknown {
    return { parsed: body };
  }

  // Declared before the raw route that would match its path, too.
  @Put('special/:id')
  special(@Param('id') id: string, @Body() body: unknown): unknown {
    return { id, parsed: body };
  }

  @Put('raw')
  @UntouchedBody()
  raw(@Req() request: object): Promise<Seen> {
    return readAll(request);
  }

  @Put(':kind/:id')
  @UntouchedBody()
  rawWithParameters(@Req() request: object): Promise<Seen> {
    return readAll(request);
  }
}

@Controller({ path: 'things', version: '2' })
class VersionedController {
  @Put('raw')
  @UntouchedBody()
  raw(@Req() request: object): Promise<Seen> {
    return readAll(request);
  }
}

async function readAll(request: object): Promise<Seen> {
  const native = nativeRequestOf(request);
  const chunks: Buffer[] = [];
  for await (const chunk of native) chunks.push(chunk as Buffer);
  const { 'content-type': contentType, 'content-length': contentLength } = native.headers;
  const transferEncoding = native.headers['transfer-encoding'];
  return {
    bytes: Buffer.concat(chunks).toString(),
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentLength === undefined ? {} : { contentLength }),
    ...(transferEncoding === undefined ? {} : { transferEncoding }),
  };
}

const CASES = [
  ['application/json', '{ "a" : 1 }'],
  ['application/json', '{ not json at all'],
  ['application/x-www-form-urlencoded', 'a=1&b=%zz'],
  ['text/plain', 'plain'],
  ['application/octet-stream', 'bytes'],
  ['application/vnd.unheard-of', 'else'],
] as const;

const metadata = {
  imports: [StreamIngestionModule.forRoot({ stores: { memory: memoryStore() } })],
  controllers: [ThingsController],
};
const versioned = { ...metadata, controllers: [ThingsController, VersionedController] };

async function startForTest(adapter: (typeof ADAPTERS)[number]): Promise<RunningApplication> {
  const module = await Test.createTestingModule(metadata).compile();
  const app: INestApplication = module.createNestApplication(createAdapter(adapter), {
    logger: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

describe.each(ADAPTERS)('body gate on %s', (adapter) => {
  describe.each([
    ['NestFactory', () => startApplication(adapter, metadata)],
    ['a testing module', () => startForTest(adapter)],
  ])('with %s', (_name, start) => {
    let running: RunningApplication;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running.app.close());

    it.each(CASES)('hands over a body of %s as it is: %s', async (type, bytes) => {
      const response = await fetch(`${running.url}/things/raw`, {
        method: 'PUT',
        body: bytes,
        headers: { 'content-type': type },
      });
      expect(await response.json()).toEqual({ bytes, contentType: type, contentLength: String(bytes.length) });
    });

    it.each(CASES)('hands over a body of %s without a length as it is: %s', async (type, bytes) => {
      const body = new Blob([bytes]).stream();
      const response = await fetch(`${running.url}/things/raw`, {
        method: 'PUT',
        body,
        duplex: 'half',
        headers: { 'content-type': type },
      });
      expect(await response.json()).toEqual({ bytes, contentType: type, transferEncoding: 'chunked' });
    });

    it('hands over a body without a content type', async () => {
      const body = new Blob(['untyped']).stream();
      const response = await fetch(`${running.url}/things/raw`, { method: 'PUT', body, duplex: 'half' });
      expect(await response.json()).toMatchObject({ bytes: 'untyped' });
    });

    it('finds raw routes with parameters', async () => {
      const response = await fetch(`${running.url}/things/some/1?x=%2F`, {
        method: 'PUT',
        body: '[1]',
        headers: { 'content-type': 'application/json' },
      });
      expect(await response.json()).toMatchObject({ bytes: '[1]' });
    });

    it('leaves the parsed bodies of ordinary routes alone', async () => {
      const send = async (path: string, method: string, body: string, type: string): Promise<unknown> => {
        const response = await fetch(`${running.url}${path}`, { method, body, headers: { 'content-type': type } });
        return response.json();
      };
      expect(await send('/things/json', 'POST', '{"a":1}', 'application/json')).toEqual({ parsed: { a: 1 } });
      expect(await send('/things/json', 'POST', 'a=1', 'application/x-www-form-urlencoded')).toEqual({
        parsed: { a: '1' },
      });
      expect(await send('/things/special/7', 'PUT', '{"a":1}', 'application/json')).toEqual({
        id: '7',
        parsed: { a: 1 },
      });
    });
  });

  describe('with a global prefix, versions in the path and parsers of the application', () => {
    let running: RunningApplication;
    beforeAll(async () => {
      running = await startApplication(adapter, versioned, (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({ type: VersioningType.URI });
        (app as INestApplication & { useBodyParser(type: string): void }).useBodyParser(
          adapter === 'express' ? 'text' : 'text/plain',
        );
      });
    });
    afterAll(() => running.app.close());

    it.each(['/api/things/raw', '/api/v2/things/raw'])('hands over the body of %s as it is', async (path) => {
      for (const [type, bytes] of CASES) {
        const response = await fetch(`${running.url}${path}`, {
          method: 'PUT',
          body: bytes,
          headers: { 'content-type': type },
        });
        expect(await response.json()).toMatchObject({ bytes, contentType: type });
      }
    });
  });
});
