import { join } from 'node:path';

import { curl } from '../support/curl.js';
import { sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;
const SIZE = 512 * MIB;
// The bar of the product is 40 MB, for `npm run measure:memory` on a quiet machine. Here other tests run beside, and
// the collector of garbage comes later.
const MOST_OVER_IDLE = 50_000_000;

describe.each(HTTP_ADAPTERS)('the memory of the service on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  it('stays flat while half a gigabyte goes in, with a length and chunked, and comes out', async () => {
    const { service, folder } = fixture;
    const sent = join(folder, 'sent');
    const received = join(folder, 'received');
    const digest = await writeRandomFile(sent, SIZE);
    await curl(['-X', 'PUT', '--data-binary', 'warm', service.fileUrl('warm')]);
    await curl([service.fileUrl('warm')]);
    const idle = service.residentBytes();
    service.resetPeak();

    expect((await curl(['-T', sent, service.fileUrl('with-length')])).status).toBe(201);
    expect((await curl(['-T', '-', service.fileUrl('chunked')], { stdin: sent })).status).toBe(201);
    for (const key of ['with-length', 'chunked']) {
      expect((await curl([service.fileUrl(key)], { output: received })).status).toBe(200);
      expect(await sha256OfFile(received)).toBe(digest);
    }
    expect(service.peakResidentBytes() - idle).toBeLessThan(MOST_OVER_IDLE);
  }, 120_000);
});
