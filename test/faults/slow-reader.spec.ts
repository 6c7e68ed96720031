import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { curl, startCurl } from '../support/curl.js';
import { writeRandomFile } from '../support/random-bytes.js';
import { readTransfer, waitUntilIdle, waitUntilUnderWay } from '../support/transfers.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;
const WATCHED_MS = 4000;

describe.each(HTTP_ADAPTERS)('a client that reads 1 MB/s, on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  it('holds the source back instead of filling memory', async () => {
    const { service, folder } = fixture;
    const file = join(folder, 'large');
    await writeRandomFile(file, 256 * MIB);
    expect((await curl(['-T', file, service.fileUrl('large')])).status).toBe(201);

    const idle = service.residentBytes();
    service.resetPeak();
    const reader = await startCurl(['--limit-rate', '1M', service.fileUrl('large')]);
    const { id } = await waitUntilUnderWay(service, 'large');
    await sleep(WATCHED_MS);
    const { progress } = await readTransfer(service, id);
    // What is neither sent nor waiting in the buffers of the two sockets must not have been read.
    expect(progress.bytesIn).toBeLessThan(32 * MIB);
    reader.child.kill('SIGKILL');
    await reader.answer;
    await waitUntilIdle(service);

    const { report } = await readTransfer(service, id);
    expect(report).toMatchObject({ outcome: 'aborted', reason: { code: 'DESTINATION_CLOSED' } });
    expect(report?.waits.sinkMs).toBeGreaterThan(WATCHED_MS / 2);
    expect(service.peakResidentBytes() - idle).toBeLessThan(40_000_000);
  }, 60_000);
});
