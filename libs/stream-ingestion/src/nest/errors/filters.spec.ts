import { Controller, Get, HttpException, NotFoundException, UseFilters } from '@nestjs/common';

import { ADAPTERS, startApplication, type RunningApplication } from '../../../../../test/support/nest-application.js';
import { StreamIngestionError } from '../../contracts/index.js';
import { memoryStore } from '../../stores/memory/index.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { ProblemFilter } from './problem.filter.js';

@Controller('plain')
class PlainController {
  @Get('ours')
  ours(): never {
    throw new StreamIngestionError('NO_SPACE', 'disk /dev/secret is full');
  }

  @Get('theirs')
  theirs(): never {
    throw new NotFoundException('no such thing');
  }
}

@Controller('problems')
@UseFilters(ProblemFilter)
class ProblemController {
  @Get('theirs')
  theirs(): never {
    throw new NotFoundException('no such thing');
  }

  @Get('members')
  members(): never {
    throw new HttpException({ status: 'error', message: 'down', details: { store: 'down' } }, 503);
  }

  @Get('unknown')
  unknown(): never {
    throw new Error('the password is secret');
  }
}

describe.each(ADAPTERS)('exception filters on %s', (adapter) => {
  let running: RunningApplication;
  beforeAll(async () => {
    running = await startApplication(
      adapter,
      {
        imports: [StreamIngestionModule.forRoot({ stores: { memory: memoryStore() } })],
        controllers: [PlainController, ProblemController],
      },
      (app) => app.enableCors({ origin: 'http://elsewhere' }),
    );
  });
  afterAll(() => running.app.close());

  async function get(path: string) {
    const response = await fetch(`${running.url}${path}`);
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  it('answer errors of the library for the whole application, without what is inside', async () => {
    const { status, headers, body } = await get('/plain/ours');
    expect(status).toBe(507);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('access-control-allow-origin')).toBe('http://elsewhere');
    expect(body).toMatchObject({ status: 507, code: 'NO_SPACE', retry: 'maybe' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('leave every other error to the application', async () => {
    const { status, body } = await get('/plain/theirs');
    expect([status, body]).toEqual([404, { statusCode: 404, message: 'no such thing', error: 'Not Found' }]);
  });

  it('make problem documents of all errors where that is wanted', async () => {
    expect(await get('/problems/theirs')).toMatchObject({
      status: 404,
      body: { type: 'about:blank', status: 404, code: 'NOT_FOUND', title: 'Not Found', detail: 'no such thing' },
    });
    expect((await get('/problems/members')).body).toMatchObject({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
      detail: 'down',
      details: { store: 'down' },
    });
    const { status, body } = await get('/problems/unknown');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
