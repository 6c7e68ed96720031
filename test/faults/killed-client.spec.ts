import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';

import { startCurl } from '../support/curl.js';
import { getJson, getText } from '../support/get-json.js';
import { parsePrometheusText, sumOf } from '../support/prometheus-text.js';
import { writeRandomFile } from '../support/random-bytes.js';
import { readTransfers, waitUntilIdle } from '../support/transfers.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';
import { waitUntil } from '../support/wait-until.js';

const MIB = 1024 * 1024;
const AT_ONCE = 10;
const LONGEST_LIFE_MS = 120;

describe.each(HTTP_ADAPTERS)('a client that is killed, on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  async function countAborted(direction: string): Promise<number> {
    const samples = parsePrometheusText(await getText(`${fixture.service.url}/metrics`));
    return sumOf(samples, 'stream_ingestion_transfers_total', { direction, outcome: 'aborted' });
  }

  /** Starts clients, lets each live for a random time after its transfer has begun, and kills them. */
  async function killClients(count: number, argumentsOf: (index: number) => string[]): Promise<void> {
    for (let first = 0; first < count; first += AT_ONCE) {
      const runs = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => startCurl(argumentsOf(first + index), { stdin: '/dev/zero' })),
      );
      await waitUntil('all transfers have begun', async () => {
        return (await readTransfers(fixture.service)).running.length === AT_ONCE;
      });
      await Promise.all(
        runs.map(async ({ child, answer }) => {
          await sleep(Math.random() * LONGEST_LIFE_MS);
          child.kill('SIGKILL');
          await answer;
        }),
      );
      await waitUntilIdle(fixture.service);
    }
  }

  async function expectNothingLeft(before: { files: string[]; descriptors: number }): Promise<void> {
    const { service } = fixture;
    expect(await service.storedFiles()).toEqual(before.files);
    // Sockets of killed clients take a moment to go.
    await waitUntil('no descriptor is left', async () => (await countDescriptors()) <= before.descriptors);
  }

  async function countDescriptors(): Promise<number> {
    return fixture.service.openDescriptors().length;
  }

  it('leaves nothing of 100 uploads, and 100 aborts in the metrics', async () => {
    const { service, folder } = fixture;
    const file = join(folder, 'large');
    await writeRandomFile(file, 64 * MIB);
    const counted = await countAborted('ingest');
    const before = { files: await service.storedFiles(), descriptors: await countDescriptors() };
    await killClients(100, (index) => [
      ...['--limit-rate', '8M', '--header', 'Expect:'],
      ...['-T', index % 2 === 0 ? file : '-', service.fileUrl(`killed-${index}`)],
    ]);
    expect((await countAborted('ingest')) - counted).toBe(100);
    expect(await getJson(`${service.url}/files`)).toEqual({ objects: [] });
    await expectNothingLeft(before);
  }, 120_000);

  it('leaves nothing open of 50 downloads', async () => {
    const { service, folder } = fixture;
    const file = join(folder, 'large');
    await writeRandomFile(file, 64 * MIB);
    await (
      await startCurl(['-T', file, service.fileUrl('source')])
    ).answer;
    const counted = await countAborted('deliver');
    const before = { files: await service.storedFiles(), descriptors: await countDescriptors() };
    await killClients(50, () => ['--limit-rate', '4M', service.fileUrl('source')]);
    expect((await countAborted('deliver')) - counted).toBe(50);
    await expectNothingLeft(before);
  }, 120_000);
});
