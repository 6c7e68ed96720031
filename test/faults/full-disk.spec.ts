import { execFileSync } from 'node:child_process';
import { statfs } from 'node:fs/promises';

import { curl } from '../support/curl.js';
import { writeRandomFile } from '../support/random-bytes.js';
import { ServiceProcess } from '../support/service-process.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';
import { HTTP_ADAPTERS } from '../support/use-service.js';
import { waitUntil } from '../support/wait-until.js';

const MIB = 1024 * 1024;
const DISK_BYTES = 64 * MIB;
const isRoot = process.getuid?.() === 0;

if (!isRoot) process.stderr.write('full disk: skipped, because mounting a small file system takes root\n');

(isRoot ? describe : describe.skip).each(HTTP_ADAPTERS)('a full disk, on %s', (adapter) => {
  let folder = '';
  let disk = '';
  let service: ServiceProcess | undefined;

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    disk = await makeTemporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'stream-ingestion-test', disk]);
    service = await ServiceProcess.start({ env: { HTTP_ADAPTER: adapter }, dataDir: disk });
  }, 60_000);

  afterAll(async () => {
    await service?.dispose();
    execFileSync('umount', [disk]);
    await removeFolder(disk);
    await removeFolder(folder);
  });

  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  }

  it.each([
    ['with a length', (file: string) => ['-T', file]],
    ['chunked', () => ['-T', '-']],
  ])(
    'refuses what does not fit, %s, has its space back, and goes on',
    async (_how, send) => {
      const running = service;
      if (running === undefined) throw new Error('the service is not there');
      const file = `${folder}/file`;
      await writeRandomFile(file, 20 * MIB);
      const before = await running.storedFiles();
      const free = await freeBytes();

      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          curl([...send(file), running.fileUrl(`large-${index}`)], { stdin: file }),
        ),
      );
      const refused = answers.filter(({ status }) => status === 507);
      const stored = answers.flatMap(({ status }, index) => (status === 201 ? [`large-${index}`] : []));
      expect(refused.length + stored.length).toBe(10);
      expect(stored.length).toBeLessThanOrEqual(3);
      for (const { body } of refused) expect(JSON.parse(body.toString())).toMatchObject({ code: 'NO_SPACE' });
      for (const key of stored) expect((await curl(['-X', 'DELETE', running.fileUrl(key)])).status).toBe(204);

      await waitUntil('the space is back', async () => (await freeBytes()) >= free, { timeoutMs: 5000 });
      expect(await running.storedFiles()).toEqual(before);
      await writeRandomFile(file, MIB);
      expect((await curl(['-T', file, running.fileUrl('small')])).status).toBe(201);
      expect((await curl(['-X', 'DELETE', running.fileUrl('small')])).status).toBe(204);
    },
    60_000,
  );
});
