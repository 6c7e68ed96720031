import { join } from 'node:path';

import { curl, startCurl, type CurlRun } from '../support/curl.js';
import { sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { ServiceProcess, type ServiceOptions } from '../support/service-process.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';
import { waitUntilUnderWay } from '../support/transfers.js';
import { HTTP_ADAPTERS } from '../support/use-service.js';

const MIB = 1024 * 1024;
const KEYS = ['one', 'two', 'three', 'four', 'five'];

describe.each(HTTP_ADAPTERS)('SIGTERM with uploads running, on %s', (adapter) => {
  let folder = '';
  let file = '';
  let digest = '';
  let service: ServiceProcess | undefined;

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    file = join(folder, 'file');
    digest = await writeRandomFile(file, 12 * MIB);
  });

  afterEach(async () => service?.dispose());
  afterAll(async () => removeFolder(folder));

  async function startWithUploads(
    env: ServiceOptions['env'],
    rate: string,
  ): Promise<{ running: ServiceProcess; uploads: CurlRun[] }> {
    const running = await ServiceProcess.start({ env: { HTTP_ADAPTER: adapter, ...env } });
    service = running;
    const uploads = await Promise.all(
      KEYS.map((key) => startCurl(['--limit-rate', rate, '-T', file, running.fileUrl(key)])),
    );
    for (const key of KEYS) await waitUntilUnderWay(running, key);
    return { running, uploads };
  }

  it('is not ready at once, takes nothing new, completes the uploads and ends with 0', async () => {
    const { running, uploads } = await startWithUploads({}, '4M');
    running.signal('SIGTERM');
    const { ready, refused } = await untilDraining(running);
    expect(ready).toBe(503);
    expect(refused.status).toBe(503);
    expect(refused.headers.connection).toBe('close');
    expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'DRAINING' });

    const answers = await Promise.all(uploads.map(({ answer }) => answer));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(await running.exited).toMatchObject({ code: 0, signal: null, stderr: '' });

    const again = await ServiceProcess.start({ dataDir: running.dataDir });
    for (const key of KEYS) {
      const received = join(folder, 'received');
      expect((await curl([again.fileUrl(key)], { output: received })).status).toBe(200);
      expect(await sha256OfFile(received)).toBe(digest);
    }
    await again.dispose();
  }, 60_000);

  it('still takes new work for the drain delay, while it is not ready', async () => {
    const { running, uploads } = await startWithUploads({ SHUTDOWN_DRAIN_DELAY_MS: '600000' }, '8M');
    running.signal('SIGTERM');
    expect(await untilNotReady(running)).toBe(503);
    const put = await curl(['-X', 'PUT', '--data-binary', 'late', running.fileUrl('late')]);
    expect(put.status).toBe(201);
    await Promise.all(uploads.map(({ answer }) => answer));
  }, 60_000);

  it('aborts what does not fit the grace, leaves nothing of it, and ends with 0', async () => {
    const { running, uploads } = await startWithUploads({ SHUTDOWN_GRACE_MS: '300' }, '1M');
    const exit = await running.stop('SIGTERM');
    expect(exit).toMatchObject({ code: 0, signal: null });
    const answers = await Promise.all(uploads.map(({ answer }) => answer));
    for (const { status } of answers) expect([0, 503]).toContain(status);
    expect(await running.storedFiles()).toEqual([]);
  }, 60_000);

  it('ends at once where nothing runs, keep-alive connections or not', async () => {
    service = await ServiceProcess.start({ env: { HTTP_ADAPTER: adapter } });
    await fetch(`${service.url}/files`);
    const startedAt = performance.now();
    expect(await service.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    // The grace is 25 s; a server that waits for idle connections takes it.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  }, 60_000);
});

/** The signal takes a moment to arrive; what counts is that nothing is accepted after readiness has gone. */
async function untilNotReady(service: ServiceProcess): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status } = await curl([`${service.url}/health/ready`]);
    if (status !== 200) return status;
  }
  return 200;
}

async function untilDraining(service: ServiceProcess) {
  const ready = await untilNotReady(service);
  return { ready, refused: await curl(['-X', 'PUT', '--data-binary', 'x', service.fileUrl('late')]) };
}
