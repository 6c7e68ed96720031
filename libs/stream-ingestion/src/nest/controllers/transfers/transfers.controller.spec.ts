import { connect, type Socket } from 'node:net';

import {
  ADAPTERS,
  startApplication,
  type RunningApplication,
} from '../../../../../../test/support/nest-application.js';
import { waitUntil } from '../../../../../../test/support/wait-until.js';
import { memoryStore } from '../../../stores/memory/index.js';
import { StreamIngestionModule } from '../../module/stream-ingestion.module.js';
import { FilesModule } from '../files/files.module.js';
import type { TransferDescription } from './transfer-description.js';
import type { TransferList } from './transfers.controller.js';
import { TransfersModule } from './transfers.module.js';

describe.each(ADAPTERS)('transfers over HTTP on %s', (adapter) => {
  let running: RunningApplication;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    running = await startApplication(
      adapter,
      {
        imports: [
          StreamIngestionModule.forRoot({ stores: { memory: memoryStore() }, recentTransfers: 2, isGlobal: true }),
          FilesModule.register(),
          TransfersModule.register(),
        ],
      },
      () => undefined,
      { forceCloseConnections: false },
    );
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await running.app.close();
  });

  const list = async (): Promise<TransferList> =>
    (await (await fetch(`${running.url}/transfers`)).json()) as TransferList;
  const put = (key: string): Promise<unknown> =>
    fetch(`${running.url}/files/${key}`, { method: 'PUT', body: key }).then((response) => response.json());

  async function beginUpload(): Promise<{ readonly entry: TransferDescription; readonly received: () => string }> {
    const { hostname, port } = new URL(running.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    sockets.push(socket);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.write('PUT /files/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234');
    const entry = await waitUntil('the upload is under way', async () => {
      const [first] = (await list()).running;
      return first?.progress.bytesIn === 5 && first;
    });
    return { entry, received: () => received };
  }

  it('shows what runs, and aborts it', async () => {
    const { entry, received } = await beginUpload();
    expect(entry).toMatchObject({ direction: 'ingest', store: 'memory', key: 'slow', state: 'running' });
    expect(new Date(entry.startedAt).toISOString()).toBe(entry.startedAt);
    const address = `${running.url}/transfers/${entry.id}`;
    expect(await (await fetch(address)).json()).toMatchObject({ id: entry.id, state: 'running' });

    expect((await fetch(address, { method: 'DELETE' })).status).toBe(204);
    await waitUntil('an answer', () => received().startsWith('HTTP/1.1 503'));
    expect(await (await fetch(address)).json()).toMatchObject({
      state: 'aborted',
      report: { outcome: 'aborted', reason: { code: 'ABORTED' }, bytesIn: 5 },
    });
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(404);
  });

  it('remembers the latest, without what they returned to their callers', async () => {
    for (const key of ['a', 'b', 'c']) await put(key);
    const { state, maxConcurrent, running: active, recent } = await list();
    expect([state, maxConcurrent, active]).toEqual(['running', 256, []]);
    expect(recent).toMatchObject([
      { key: 'c', state: 'completed', report: { bytesIn: 1 } },
      { key: 'b', state: 'completed' },
    ]);
    expect(recent[0]?.report).not.toHaveProperty('result');
  });

  it('says 404 of what it does not know', async () => {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${running.url}/transfers/unknown`, { method });
      expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    }
  });

  it('tells of what happens as it happens', async () => {
    const response = await fetch(`${running.url}/transfers/events`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
    })();
    await waitUntil('the first event', () => text.includes('event: progress'));
    await put('watched');
    await waitUntil('the end of the transfer', () => text.includes('event: settled'));
    const events = [...text.matchAll(/event: (\w+)\n(?:id: .*\n)?data: (.*)\n/g)];
    const started = events.find(([, type]) => type === 'started');
    expect(JSON.parse(started?.[2] ?? '')).toMatchObject({ key: 'watched', direction: 'ingest' });
    const settled = events.find(([, type]) => type === 'settled');
    expect(JSON.parse(settled?.[2] ?? '')).toMatchObject({ key: 'watched', state: 'completed' });
    await running.app.close();
    await reading;
  });
});
