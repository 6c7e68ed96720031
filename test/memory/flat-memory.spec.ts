import { join } from 'node:path';

import { curl } from '../support/curl.js';
import { sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;
const SIZE = 512 * MIB;
const MOST_OVER_IDLE = 40_000_000;

describe.each(HTTP_ADAPTERS)('the memory of the service on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  it('stays flat while half a gigabyte goes in and comes out, with a length and chunked', async () => {
    const { service, folder } = fixture;
    const sent = join(folder, 'sent');
    const received = join(folder, 'received');
    const url = service.fileUrl('large');
    const digest = await writeRandomFile(sent, SIZE);
    await curl(['-X', 'PUT', '--data-binary', 'warm', url]);
    await curl([url]);
    const idle = service.residentBytes();
    service.resetPeak();

    expect((await curl(['-T', sent, url])).status).toBe(200);
    expect((await curl([url], { output: received })).status).toBe(200);
    expect(await sha256OfFile(received)).toBe(digest);
    expect((await curl(['-T', '-', url], { stdin: sent })).headers['repr-digest']).toBe(
      `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`,
    );
    expect(service.peakResidentBytes() - idle).toBeLessThan(MOST_OVER_IDLE);
  }, 120_000);
});
