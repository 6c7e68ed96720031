import { execFileSync } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { curl, type CurlAnswer } from '../support/curl.js';
import { sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { ServiceProcess } from '../support/service-process.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';
import { readTransfers, waitUntilIdle } from '../support/transfers.js';

const MIB = 1024 * 1024;
const SIZES: Readonly<Record<string, number>> = {
  '100 MB': 100_000_000,
  '1 GiB': 1024 * MIB,
  '10 GiB': 10 * 1024 * MIB,
};
const SLOW_SECONDS = 20;
const CURL_TIMED_OUT = 28;
const USAGE = `Usage: npm run measure:memory [-- --sizes "100 MB,1 GiB" --adapter fastify --folder /mnt/large]
Needs Linux, curl, and three times the largest size as free space. Sizes: ${Object.keys(SIZES).join(', ')}.
`;

interface Row {
  readonly job: string;
  readonly size: string;
  readonly seconds: number;
  readonly peakBytes: number;
  readonly idleBytes?: number;
}

/**
 * Sends files of growing size through the built service and through the engine alone, compares their SHA-256, and
 * prints the peaks of resident memory as a Markdown table on stdout. The raw log goes to stderr.
 *
 * Each size has a fresh process, so that no row has the peak of the one before.
 */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: Object.keys(SIZES).join(',') },
      adapter: { type: 'string', default: 'express' },
      folder: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  if (values.folder !== undefined) process.env.TMPDIR = values.folder;
  const folder = await makeTemporaryFolder();
  try {
    log(
      `node ${process.version}, Linux ${release().split('.', 2).join('.')}, ${cpus().length} × ${cpus()[0]?.model}, ${mb(totalmem())} MB`,
    );
    const rows: Row[] = [];
    for (const size of values.sizes.split(',').map((name) => name.trim())) {
      rows.push(...(await measure(size, values.adapter, folder)));
    }
    process.stdout.write(tableOf(rows));
  } finally {
    await removeFolder(folder);
  }
}

async function measure(size: string, adapter: string, folder: string): Promise<Row[]> {
  const bytes = SIZES[size];
  if (bytes === undefined) throw new Error(`${size} is none of ${Object.keys(SIZES).join(', ')}\n${USAGE}`);
  const sent = join(folder, 'sent');
  log(`${size}: writing ${bytes} random bytes`);
  const digest = await writeRandomFile(sent, bytes, size);
  log(`${size}: sha256 ${digest}`);
  const rows = [
    await measureEngine(size, sent, digest, folder, []),
    // The optimizing compiler's own pages are a tenth of so small a process.
    await measureEngine(size, sent, digest, folder, ['--no-opt']),
    ...(await measureService(size, adapter, sent, digest, folder)),
  ];
  await rm(sent);
  return rows;
}

async function measureEngine(
  size: string,
  sent: string,
  digest: string,
  folder: string,
  flags: readonly string[],
): Promise<Row> {
  const copied = join(folder, 'copied');
  const startedAt = performance.now();
  const output = execFileSync(process.execPath, [...flags, 'test/memory/copy-with-engine.mjs', sent, copied]);
  const seconds = (performance.now() - startedAt) / 1000;
  const { peakBytes } = JSON.parse(output.toString()) as { peakBytes: number };
  await compare('engine, file to file', copied, digest);
  await rm(copied);
  const job = ['engine alone, file to file', ...flags].join(', ');
  return report({ job, size, seconds, peakBytes });
}

async function measureService(
  size: string,
  adapter: string,
  sent: string,
  digest: string,
  folder: string,
): Promise<Row[]> {
  const service = await ServiceProcess.start({ env: { HTTP_ADAPTER: adapter } });
  const received = join(folder, 'received');
  const url = service.fileUrl('measured');
  // Answered once, so that "idle" is a service that has done its lazy loading.
  await curl(['-X', 'PUT', '--data-binary', 'warm', url]);
  await curl([url]);
  await sleep(500);
  const idleBytes = service.residentBytes();
  log(`${size}: the service on ${adapter} is idle at ${mb(idleBytes)} MB`);
  const timed = async (job: string, run: () => ReturnType<typeof curl>): Promise<Row> => {
    service.resetPeak();
    const startedAt = performance.now();
    const { exitCode, status, stderr } = await run();
    const seconds = (performance.now() - startedAt) / 1000;
    if (exitCode !== 0 || status > 299) throw new Error(`${job}: curl ${exitCode}, status ${status}: ${stderr}`);
    return report({ job, size, seconds, peakBytes: service.peakResidentBytes(), idleBytes });
  };
  try {
    const rows = [await timed('PUT with length', () => curl(['-T', sent, url]))];
    rows.push(await timed('GET', () => curl([url], { output: received })));
    await compare('GET after PUT with length', received, digest);
    await rm(received);
    rows.push(await timed('PUT chunked from stdin', () => curl(['-T', '-', url], { stdin: sent })));
    rows.push(await timed('GET again', () => curl([url], { output: received })));
    await compare('GET after PUT chunked', received, digest);
    rows.push(await timed(`GET at 1 MB/s, for ${SLOW_SECONDS} s`, () => readSlowly(service, url)));
    return rows;
  } finally {
    await rm(received, { force: true });
    await service.dispose();
  }
}

/** The client takes 1 MB a second and leaves; the service says how long it was held back. */
async function readSlowly(service: ServiceProcess, url: string): Promise<CurlAnswer> {
  const answer = await curl(['--limit-rate', '1M', '--max-time', String(SLOW_SECONDS), url], { output: '/dev/null' });
  await waitUntilIdle(service);
  const report = (await readTransfers(service)).recent[0]?.report;
  if (answer.exitCode !== CURL_TIMED_OUT || report === undefined) throw new Error('the slow download ended early');
  log(
    `slow reader: ${mb(report.bytesIn)} MB read, ${mb(report.bytesOut)} MB sent, waited ${report.waits.sinkMs} ms for it`,
  );
  return { ...answer, exitCode: 0 };
}

async function compare(what: string, path: string, digest: string): Promise<void> {
  const actual = await sha256OfFile(path);
  if (actual !== digest) throw new Error(`${what}: sha256 is ${actual}, ${(await stat(path)).size} bytes`);
  log(`${what}: sha256 equal`);
}

function report(row: Row): Row {
  const over = row.idleBytes === undefined ? '' : `, ${mb(row.peakBytes - row.idleBytes)} MB over idle`;
  log(`${row.size}: ${row.job}: ${row.seconds.toFixed(1)} s, peak ${mb(row.peakBytes)} MB${over}`);
  return row;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ job, size, seconds, peakBytes, idleBytes }) => {
    const rate = job.includes('1 MB/s') ? 1 : Math.round((SIZES[size] ?? 0) / seconds / 1e6);
    const idle = idleBytes === undefined ? '–' : mb(idleBytes);
    const over = idleBytes === undefined ? '–' : mb(peakBytes - idleBytes);
    return `| ${job} | ${size} | ${mb(peakBytes)} | ${idle} | ${over} | ${rate} |`;
  });
  return [
    '| what | size | peak RSS, MB | idle RSS, MB | over idle, MB | MB/s |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n');
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}
