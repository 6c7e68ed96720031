import { connect } from 'node:net';

import { Controller, Injectable, Put, UseGuards, type CanActivate } from '@nestjs/common';

import {
  ADAPTERS,
  startApplication,
  type RunningApplication,
} from '../../../../../../test/support/nest-application.js';
import { memoryStore } from '../../../stores/memory/index.js';
import { StreamIngestionModule } from '../../module/stream-ingestion.module.js';
import { UntouchedBody } from './untouched-body.decorator.js';

@Injectable()
class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Controller()
class GuardedController {
  @Put('guarded')
  @UseGuards(Nobody)
  @UntouchedBody()
  guarded(): void {
    throw new Error('never called');
  }
}

const GIB = 1024 * 1024 * 1024;

describe.each(ADAPTERS)('a body that nobody reads, on %s', (adapter) => {
  let running: RunningApplication;
  beforeAll(async () => {
    running = await startApplication(adapter, {
      imports: [StreamIngestionModule.forRoot({ stores: { memory: memoryStore() } })],
      controllers: [GuardedController],
    });
  });
  afterAll(() => running.app.close());

  it('is not read to its end, and the client gets to see the answer', async () => {
    const { hostname, port } = new URL(running.url);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString())).on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(`PUT /guarded HTTP/1.1\r\nHost: x\r\nContent-Length: ${GIB}\r\n\r\n`);
    const chunk = Buffer.alloc(64 * 1024);
    const pump = (): void => {
      while (!socket.destroyed && socket.write(chunk)) if (socket.bytesWritten > GIB) return;
    };
    socket.on('drain', pump);
    pump();
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 403 /);
    expect(socket.bytesWritten).toBeLessThan(GIB / 2);
  }, 30_000);
});
