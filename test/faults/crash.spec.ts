import { curl } from '../support/curl.js';
import { randomBuffer } from '../support/random-bytes.js';
import { ServiceProcess } from '../support/service-process.js';
import { startLongUpload } from '../support/transfers.js';

const MIB = 1024 * 1024;

describe('SIGKILL in mid-upload', () => {
  it('shows nothing of the upload after a restart, sweeps it, and has kept what was acknowledged', async () => {
    const kept = randomBuffer(3 * MIB, 'kept');
    const first = await ServiceProcess.start();
    const dataDir = first.dataDir;
    try {
      const put = await curl(['-T', '-', first.fileUrl('kept')], { stdin: kept });
      expect(put.status).toBe(201);
      const acknowledged = await first.storedFiles();
      const uploads = [
        await startLongUpload(first, 'new'),
        await startLongUpload(first, 'in/folders/of/its/own'),
        await startLongUpload(first, 'kept'),
      ];
      expect((await first.storedFiles()).length).toBeGreaterThan(acknowledged.length);
      await first.stop('SIGKILL');
      for (const { run } of uploads) {
        run.child.kill('SIGKILL');
        await run.answer;
      }

      const second = await ServiceProcess.start({ dataDir });
      const listing = await curl([`${second.url}/files`]);
      expect(JSON.parse(listing.body.toString())).toMatchObject({ objects: [{ key: 'kept', size: 3 * MIB }] });
      expect((await curl([second.fileUrl('kept')])).body.equals(kept)).toBe(true);
      expect((await curl([second.fileUrl('new')])).status).toBe(404);
      expect(await second.storedFiles()).toEqual(acknowledged);
      expect(await second.stop()).toMatchObject({ code: 0, stderr: '' });
    } finally {
      await first.dispose();
    }
  }, 60_000);
});
