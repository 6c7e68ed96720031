import { ADAPTERS, startApplication, type RunningApplication } from '../../../../../test/support/nest-application.js';
import { memoryStore } from '../../stores/memory/index.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { FilesModule } from './files.module.js';

describe.each(ADAPTERS)('files over HTTP on %s', (adapter) => {
  let running: RunningApplication;

  beforeAll(async () => {
    running = await startApplication(adapter, {
      imports: [
        StreamIngestionModule.forRoot({ stores: { memory: memoryStore() }, isGlobal: true }),
        FilesModule.register(),
      ],
    });
  });

  afterAll(() => running.app.close());

  it('stores a body and gives it back', async () => {
    const put = await fetch(`${running.url}/files/folder/a%20b.json`, {
      method: 'PUT',
      body: '{ "a":  1 }',
      headers: { 'content-type': 'application/json' },
    });
    expect(put.status).toBe(201);
    expect(await put.json()).toMatchObject({ key: 'folder/a b.json', size: 11, created: true });

    const get = await fetch(`${running.url}/files/folder/a%20b.json`);
    expect(get.status).toBe(200);
    expect(await get.text()).toBe('{ "a":  1 }');
  });
});
