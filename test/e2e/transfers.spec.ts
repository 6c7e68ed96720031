import { curl } from '../support/curl.js';
import { readTransfers, startLongUpload, waitUntilIdle } from '../support/transfers.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

describe.each(HTTP_ADAPTERS)('/transfers on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter, MAX_CONCURRENT_TRANSFERS: '2' } });

  it('remembers what has settled', async () => {
    const { service } = fixture;
    await curl(['-X', 'PUT', '--data-binary', 'hello', service.fileUrl('settled')]);
    await curl([service.fileUrl('settled')]);
    const { running, recent } = await readTransfers(service);
    expect(running).toEqual([]);
    expect(recent.slice(0, 2)).toMatchObject([
      { direction: 'deliver', state: 'completed', store: 'fs', key: 'settled', report: { bytesIn: 5 } },
      { direction: 'ingest', state: 'completed', store: 'fs', key: 'settled', report: { bytesIn: 5 } },
    ]);
    const one = await curl([`${service.url}/transfers/${recent[0]?.id}`]);
    expect(JSON.parse(one.body.toString())).toEqual(recent[0]);
  });

  it('shows what is running, and aborts it', async () => {
    const { service } = fixture;
    const before = await service.storedFiles();
    const { run, transfer } = await startLongUpload(service, 'aborted');
    expect(transfer).toMatchObject({ direction: 'ingest', state: 'running', store: 'fs', key: 'aborted' });
    expect((await curl(['-X', 'DELETE', `${service.url}/transfers/${transfer.id}`])).status).toBe(204);
    await run.answer;
    const settled = await curl([`${service.url}/transfers/${transfer.id}`]);
    expect(JSON.parse(settled.body.toString())).toMatchObject({
      state: 'aborted',
      report: { outcome: 'aborted', reason: { code: 'ABORTED' } },
    });
    expect((await curl([service.fileUrl('aborted')])).status).toBe(404);
    expect(await service.storedFiles()).toEqual(before);
  });

  it('says 404 for one that it does not know', async () => {
    const url = `${fixture.service.url}/transfers/00000000-0000-4000-8000-000000000000`;
    for (const method of ['GET', 'DELETE']) {
      const answer = await curl(['-X', method, url]);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  });

  it('refuses one transfer too many, and says when to come again', async () => {
    const { service } = fixture;
    const uploads = [await startLongUpload(service, 'first'), await startLongUpload(service, 'second')];
    const third = await curl(['-X', 'PUT', '--data-binary', 'x', service.fileUrl('third')]);
    expect(third.status).toBe(503);
    expect(third.headers['retry-after']).toMatch(/^\d+$/);
    expect(JSON.parse(third.body.toString())).toMatchObject({ code: 'TOO_MANY_TRANSFERS' });
    for (const { run } of uploads) {
      run.child.kill('SIGKILL');
      await run.answer;
    }
    await waitUntilIdle(service);
    expect((await curl(['-X', 'PUT', '--data-binary', 'x', service.fileUrl('third')])).status).toBe(201);
  });
});
