import { startCurl, type CurlOptions, type CurlRun } from './curl.js';
import { getJson } from './get-json.js';
import { randomStream } from './random-bytes.js';
import type { ServiceProcess } from './service-process.js';
import { waitUntil } from './wait-until.js';

const MIB = 1024 * 1024;

/** A transfer as `GET /transfers` shows it, as far as tests look at it. */
export interface ShownTransfer {
  readonly id: string;
  readonly state: string;
  readonly direction: string;
  readonly store?: string;
  readonly key?: string;
  readonly progress: { readonly bytesIn: number; readonly bytesOut: number };
  readonly report?: {
    readonly outcome: string;
    readonly bytesIn: number;
    readonly bytesOut: number;
    readonly reason?: { readonly code: string };
    readonly waits: { readonly sourceMs: number; readonly sinkMs: number };
    readonly transforms: readonly { readonly name: string }[];
  };
}

export interface ShownTransfers {
  readonly running: readonly ShownTransfer[];
  readonly recent: readonly ShownTransfer[];
}

export async function readTransfers(service: ServiceProcess): Promise<ShownTransfers> {
  return (await getJson(`${service.url}/transfers`)) as ShownTransfers;
}

export async function readTransfer(service: ServiceProcess, id: string): Promise<ShownTransfer> {
  return (await getJson(`${service.url}/transfers/${id}`)) as ShownTransfer;
}

export async function waitUntilIdle(service: ServiceProcess): Promise<void> {
  await waitUntil('no transfer runs', async () => (await readTransfers(service)).running.length === 0);
}

/** The running transfer of that key, once bytes have arrived. */
export async function waitUntilUnderWay(service: ServiceProcess, key: string): Promise<ShownTransfer> {
  return waitUntil(`the transfer of ${key} is under way`, async () =>
    (await readTransfers(service)).running.find((entry) => entry.key === key && entry.progress.bytesIn > 0),
  );
}

/** An upload that would take minutes, and its transfer. */
export async function startLongUpload(
  service: ServiceProcess,
  key: string,
  options: CurlOptions = { stdin: randomStream(500 * MIB) },
): Promise<{ run: CurlRun; transfer: ShownTransfer }> {
  const run = await startCurl(['--limit-rate', '1M', '-T', '-', service.fileUrl(key)], options);
  return { run, transfer: await waitUntilUnderWay(service, key) };
}
