import { curl } from '../support/curl.js';
import { randomBuffer } from '../support/random-bytes.js';
import { readTransfers } from '../support/transfers.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

const MIB = 1024 * 1024;

describe.each(HTTP_ADAPTERS)('the byte rates of the service on %s', (adapter) => {
  describe.each([
    [{ BANDWIDTH_LIMIT: String(2 * MIB) }, ['throttle']],
    [{ BANDWIDTH_LIMIT_PER_CLIENT: String(2 * MIB) }, ['throttle']],
    [{ BANDWIDTH_LIMIT: String(64 * MIB), BANDWIDTH_LIMIT_PER_CLIENT: String(2 * MIB) }, ['throttle', 'throttle']],
  ])('of %j', (env, transforms) => {
    const fixture = useService({ env: { HTTP_ADAPTER: adapter, ...env } });
    const content = randomBuffer(2 * MIB, 'bandwidth');

    it('holds for uploads and downloads together', async () => {
      const { service } = fixture;
      const startedAt = performance.now();
      expect((await curl(['-T', '-', service.fileUrl('one')], { stdin: content })).status).toBe(201);
      const [download, upload] = await Promise.all([
        curl([service.fileUrl('one')]),
        curl(['-T', '-', service.fileUrl('two')], { stdin: content }),
      ]);
      // 6 MiB at 2 MiB a second, less what the bucket holds at first.
      expect(performance.now() - startedAt).toBeGreaterThan(2500);
      expect(download.body.equals(content)).toBe(true);
      expect(upload.status).toBe(201);
      const { recent } = await readTransfers(service);
      expect(recent.map(({ report }) => report?.transforms.map(({ name }) => name))).toEqual([
        transforms,
        transforms,
        transforms,
      ]);
    }, 30_000);
  });
});
