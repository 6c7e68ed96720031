import { connect, type Socket } from 'node:net';

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import {
  ADAPTERS,
  startApplication,
  type AdapterName,
  type RunningApplication,
} from '../../../../../test/support/nest-application.js';
import { waitUntil } from '../../../../../test/support/wait-until.js';
import { TransferRegistry } from '../../engine/index.js';
import { MemoryStore } from '../../stores/memory/index.js';
import { FilesModule } from '../controllers/files/files.module.js';
import { TransfersModule } from '../controllers/transfers/transfers.module.js';
import type { ShutdownOptions } from '../module/module-options.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { shutdownOnSignals } from './shutdown-on-signals.js';
import { TransferShutdown } from './transfer-shutdown.js';

class WatchedStore extends MemoryStore {
  readonly calls: string[] = [];

  start(): Promise<void> {
    this.calls.push('start');
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.calls.push('close');
    return Promise.resolve();
  }
}

@Injectable()
class Witness implements OnApplicationShutdown {
  stored = -1;

  constructor(private readonly transfers: TransferRegistry) {}

  onApplicationShutdown(): void {
    this.stored = this.transfers.recent().filter(({ state }) => state === 'completed').length;
  }
}

/** A client that sends what it is told, when it is told. */
class RawClient {
  readonly #socket: Socket;
  received = '';
  readonly closed: Promise<void>;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on('data', (chunk) => (this.received += chunk.toString())).on('error', () => undefined);
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  send(text: string): this {
    this.#socket.write(text);
    return this;
  }

  answered(): Promise<unknown> {
    return waitUntil('an answer', () => this.received.includes('\r\n\r\n'));
  }
}

const HEAD = 'Host: x\r\nContent-Length: 10\r\n\r\n';

describe.each(ADAPTERS)('shutdown on %s', (adapter) => {
  let store: WatchedStore;
  let running: RunningApplication;

  async function start(shutdown: ShutdownOptions, name: AdapterName = adapter): Promise<void> {
    store = new WatchedStore();
    running = await startApplication(
      name,
      {
        imports: [
          StreamIngestionModule.forRoot({ stores: { memory: store }, shutdown, isGlobal: true }),
          FilesModule.register(),
          TransfersModule.register(),
        ],
        providers: [Witness],
      },
      () => undefined,
      { forceCloseConnections: false },
    );
  }

  const transfers = (): TransferRegistry => running.app.get(TransferRegistry);

  async function beginUpload(key: string): Promise<RawClient> {
    const before = transfers().running;
    const client = new RawClient(running.url).send(`PUT /files/${key} HTTP/1.1\r\n${HEAD}01234`);
    await waitUntil('the upload runs', () => transfers().running === before + 1);
    return client;
  }

  it('refuses new transfers, lets the running ones end, and then closes the server and the stores', async () => {
    await start({ graceMs: 20_000 });
    const upload = await beginUpload('a');
    const closing = running.app.close();
    await waitUntil('draining', () => transfers().state === 'draining');

    const refused = await fetch(`${running.url}/files/b`, { method: 'PUT', body: 'x' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('connection')).toBe('close');
    expect(await refused.json()).toMatchObject({ code: 'DRAINING' });

    upload.send('56789');
    await upload.answered();
    expect(upload.received).toMatch(/^HTTP\/1\.1 201 /);
    expect(upload.received).toMatch(/\r\nconnection: close\r\n/i);
    await closing;
    await upload.closed;
    expect(running.app.get(Witness).stored).toBe(1);
    expect(store.calls).toEqual(['start', 'close']);
    await expect(fetch(running.url)).rejects.toThrow();
  });

  it('says so at once, and takes new work for the drain delay', async () => {
    await start({ drainDelayMs: 600_000 });
    const shutdown = running.app.get(TransferShutdown);
    expect(shutdown.begun).toBe(false);
    const closing = running.app.close();
    await waitUntil('the shutdown has begun', () => shutdown.begun);
    expect((await fetch(`${running.url}/files/late`, { method: 'PUT', body: 'x' })).status).toBe(201);
    shutdown.hurry();
    await closing;
  });

  it('aborts what does not end within the grace, and keeps nothing of it', async () => {
    await start({ graceMs: 30 });
    const upload = await beginUpload('a');
    await running.app.close();
    await upload.closed;
    expect(upload.received).toMatch(/^HTTP\/1\.1 503 /);
    expect((await store.list()).objects).toEqual([]);
    expect(transfers().recent()).toMatchObject([
      { key: 'a', state: 'aborted', report: { reason: { code: 'DRAINING' } } },
    ]);
  });

  it('waits neither for idle connections, nor for half a request, nor for a stream of events', async () => {
    await start({});
    const kept = new RawClient(running.url).send('GET /files HTTP/1.1\r\nHost: x\r\n\r\n');
    await kept.answered();
    const silent = new RawClient(running.url);
    const half = new RawClient(running.url).send('GET /files HTTP/1.1\r\nHo');
    const events = new RawClient(running.url).send('GET /transfers/events HTTP/1.1\r\nHost: x\r\n\r\n');
    await waitUntil('the first event', () => events.received.includes('event: progress'));
    const startedAt = performance.now();
    await running.app.close();
    await Promise.all([kept.closed, silent.closed, half.closed, events.closed]);
    // Each of them would keep it for a minute or for ever.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('is begun by a signal, hurried by the second, and gives the process back', async () => {
    await start({ graceMs: 600_000 });
    const before = process.listenerCount('SIGTERM');
    let closed = false;
    const { app } = running;
    const close = (): Promise<void> => app.close().then(() => void (closed = true));
    shutdownOnSignals({ get: app.get.bind(app), close }, { lingerMs: 600_000 });
    const upload = await beginUpload('a');
    process.emit('SIGTERM');
    await waitUntil('draining', () => transfers().state === 'draining');
    process.emit('SIGTERM');
    await upload.closed;
    await waitUntil('everything is closed', () => closed);
    await waitUntil('no listener is left', () => process.listenerCount('SIGTERM') === before);
    expect((await store.list()).objects).toEqual([]);
  });

  it('works with Nest’s own shutdown hooks, too', async () => {
    await start({ graceMs: 600_000 });
    const upload = await beginUpload('a');
    const closing = (running.app as unknown as { close(signal: string): Promise<void> }).close('SIGTERM');
    await waitUntil('draining', () => transfers().state === 'draining');
    process.emit('SIGINT');
    await closing;
    await upload.closed;
    expect(process.listenerCount('SIGINT')).toBe(0);
  });
});
