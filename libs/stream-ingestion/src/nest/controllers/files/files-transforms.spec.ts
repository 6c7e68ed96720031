import type { IncomingMessage } from 'node:http';

import {
  ADAPTERS,
  startApplication,
  type RunningApplication,
} from '../../../../../../test/support/nest-application.js';
import type { ByteTransform, TransferDirection } from '../../../contracts/index.js';
import { memoryStore } from '../../../stores/memory/index.js';
import { StreamIngestionModule } from '../../module/stream-ingestion.module.js';
import { FilesModule } from './files.module.js';

/** Adds a number to each byte. */
function shift(by: number): ByteTransform {
  return { name: 'shift', transform: (chunk, emit) => emit(chunk.map((byte) => (byte + by) % 256)) };
}

describe.each(ADAPTERS)('transforms of the files controller on %s', (adapter) => {
  let running: RunningApplication;
  let asked: { direction: TransferDirection; request: IncomingMessage }[] = [];

  beforeAll(async () => {
    running = await startApplication(adapter, {
      imports: [
        StreamIngestionModule.forRoot({ stores: { memory: memoryStore() }, isGlobal: true }),
        FilesModule.register({
          transforms: (transfer) => {
            asked.push(transfer);
            return [shift(transfer.direction === 'ingest' ? 1 : 255)];
          },
        }),
        FilesModule.register({ path: 'plain' }),
      ],
    });
  });

  beforeEach(() => {
    asked = [];
  });

  afterAll(() => running.app.close());

  const textOf = async (path: string) => (await fetch(`${running.url}/${path}`)).text();

  it('go between a body and the store, and between the store and the client', async () => {
    const put = await fetch(`${running.url}/files/raw`, { method: 'PUT', body: 'HAL' });
    expect(put.status).toBe(201);
    expect(await textOf('plain/raw')).toBe('IBM');
    expect(await textOf('files/raw')).toBe('HAL');
    expect(asked.map(({ direction, request }) => [direction, request.method])).toEqual([
      ['ingest', 'PUT'],
      ['deliver', 'GET'],
    ]);
    expect(asked[0]?.request.socket.remoteAddress).toBe('127.0.0.1');
  });

  it('are asked for anew for each file of a form', async () => {
    const form = new FormData();
    form.append('file', new Blob(['HAL']), 'one');
    form.append('file', new Blob(['9000']), 'two');
    expect((await fetch(`${running.url}/files`, { method: 'POST', body: form })).status).toBe(201);
    expect(await textOf('plain/one')).toBe('IBM');
    expect(await textOf('plain/two')).toBe(':111');
    expect(asked).toHaveLength(2);
  });
});
