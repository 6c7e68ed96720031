/**
 * Eight ingests at a time through a CPU-heavy transform, on the main thread and in workers, alternating, each run in a
 * process of its own. Writes docs/benchmarks/worker-threads.md, a plot beside it and the raw log.
 *
 *   npm run build:lib && npm run bench:workers             a few minutes
 *   npm run bench:workers -- --full                        256 MiB an ingest, 5 rounds
 *   npm run bench:workers -- --mib 4 --rounds 1 --dry      a quick look, nothing written
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { ingestStream } from 'nestjs-stream-ingestion/engine';
import { Pattern } from 'nestjs-stream-ingestion/testing';
import { encrypt, gzip } from 'nestjs-stream-ingestion/transforms';
import { TransformWorkerPool } from 'nestjs-stream-ingestion/workers';

import slow from './fixtures/slow-transform.mjs';

const MEBIBYTE = 1024 * 1024;
const INGESTS = 8;
const SOURCE_READ_BYTES = 64 * 1024;
const slowModule = fileURLToPath(new URL('fixtures/slow-transform.mjs', import.meta.url));
const material = new Pattern(1).bytes(4 * MEBIBYTE, 0);
const key = new Uint8Array(32).fill(7);

/** What is compared: the transform here, and its declaration for a worker. */
const JOBS = {
  'gzip -9': { here: () => gzip({ level: 9 }), there: { name: 'gzip', options: { level: 9 } } },
  encryption: { here: () => encrypt({ key }), there: { name: 'encrypt', options: { key } } },
  'slow module, shared threads': { here: () => slow(), there: { module: slowModule, isolation: 'shared' } },
  'slow module, own threads': { here: () => slow(), there: { module: slowModule } },
};

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    mib: { type: 'string' },
    rounds: { type: 'string' },
    job: { type: 'string' },
    where: { type: 'string' },
  },
});
const mib = Number(values.mib ?? (values.full ? 256 : 32));
const rounds = Number(values.rounds ?? (values.full ? 5 : 3));

function residentMiB(field) {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}

/** Bytes from memory (making them would be work of the main thread), with a turn of the event loop a read, as a socket has. */
function source(bytes) {
  let left = bytes;
  return {
    pull: async (buffer) => {
      await setImmediate();
      const read = Math.min(left, buffer.byteLength, SOURCE_READ_BYTES);
      const from = (bytes - left) % material.byteLength;
      left -= material.copy(buffer, 0, from, from + read);
      return Math.min(read, material.byteLength - from);
    },
    close: () => undefined,
  };
}

const discard = () => ({ write: () => undefined, finalize: () => undefined, abort: () => undefined });

/** One run, in this process; its figures go to standard output as JSON. */
async function measure(job, where) {
  const { here, there } = JOBS[job];
  const pool = new TransformWorkerPool();
  const transform = () => (where === 'workers' ? pool.offload(there) : here());
  const ingest = (bytes) => ingestStream(source(bytes), discard(), { transforms: [transform()] });

  // Code compiled, threads started: what is measured is the work, not the first second.
  await Promise.all(Array.from({ length: INGESTS }, () => ingest(2 * MEBIBYTE)));
  globalThis.gc?.();
  const residentBefore = residentMiB('VmRSS');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: INGESTS }, () => ingest(mib * MEBIBYTE)));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  // The last delay counts once the loop has turned.
  await setTimeout(5);
  delay.disable();
  await pool.close();
  console.log(
    JSON.stringify({
      job,
      where,
      mibPerSecond: (INGESTS * mib) / seconds,
      p50Ms: delay.percentile(50) / 1e6,
      p99Ms: delay.percentile(99) / 1e6,
      maxMs: delay.max / 1e6,
      cpuSecondsPerGib: (cpu.user + cpu.system) / 1e6 / ((INGESTS * mib) / 1024),
      residentBefore,
      residentPeak: residentMiB('VmHWM'),
    }),
  );
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function summarize(log, job, where) {
  const runs = log.filter((run) => run.job === job && run.where === where);
  const of = (field) => median(runs.map((run) => run[field]));
  const fields = ['mibPerSecond', 'p50Ms', 'p99Ms', 'maxMs', 'cpuSecondsPerGib', 'residentBefore', 'residentPeak'];
  return { job, where, ...Object.fromEntries(fields.map((field) => [field, of(field)])) };
}

function plot(rows) {
  const width = 720;
  const bar = 18;
  const scale = (ms) => (Math.log10(Math.max(1, ms)) / 4) * (width - 320);
  const lines = rows.map(({ job, where, p99Ms }, index) => {
    const y = 40 + index * (bar + 6);
    const fill = where === 'workers' ? '#2a7f62' : '#b5523b';
    return [
      `<text x="0" y="${y + 13}">${job}, ${where}</text>`,
      `<rect x="240" y="${y}" width="${Math.max(1, scale(p99Ms)).toFixed(1)}" height="${bar}" fill="${fill}"/>`,
      `<text x="${(246 + scale(p99Ms)).toFixed(1)}" y="${y + 13}">${p99Ms.toFixed(1)} ms</text>`,
    ].join('');
  });
  const height = 60 + rows.length * (bar + 6);
  const limit = (240 + scale(20)).toFixed(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<text x="0" y="16">Event-loop delay of the main thread, p99, logarithmic; the line is at 20 ms</text>
${lines.join('\n')}
<line x1="${limit}" y1="30" x2="${limit}" y2="${height - 10}" stroke="#555" stroke-dasharray="4"/>
</svg>
`;
}

function report(log) {
  const rows = Object.keys(JOBS).flatMap((job) =>
    ['main thread', 'workers'].map((where) => summarize(log, job, where)),
  );
  const cells = rows.map((row) =>
    [
      row.job,
      row.where,
      row.mibPerSecond.toFixed(0),
      row.p50Ms.toFixed(1),
      row.p99Ms.toFixed(1),
      row.maxMs.toFixed(1),
      row.cpuSecondsPerGib.toFixed(1),
      row.residentPeak.toFixed(0),
      (row.residentPeak - row.residentBefore).toFixed(0),
    ].join(' | '),
  );
  const ratios = Object.keys(JOBS).map((job) => {
    const [here, there] = ['main thread', 'workers'].map((where) => summarize(log, job, where));
    const more = there.residentPeak - here.residentPeak - INGESTS;
    const lasting = there.p99Ms <= 20 ? 'within' : 'beyond';
    const ratio = (there.mibPerSecond / here.mibPerSecond).toFixed(2);
    return `| ${job} | ${ratio} | ${there.p99Ms.toFixed(1)} ms, ${lasting} 20 ms | ${more.toFixed(0)} MB |`;
  });
  return `# Transforms on the main thread and in workers

${INGESTS} ingests at a time, ${mib} MiB each, from memory into a sink that discards. Medians of ${rounds} rounds,
alternating, each run in a process of its own. Delay is that of the main thread's event loop, in milliseconds
(\`monitorEventLoopDelay\`, resolution 1 ms, so that an idle loop shows about 1). CPU is seconds a GiB; memory is
resident, in MB: the peak, and how far above the figure before the measured part.

Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model.trim()}; load average before the first run ${log.loadBefore.toFixed(2)}.

| transform | where | MiB/s | p50 | p99 | max | CPU s/GiB | peak RSS | above before |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${cells.map((line) => `| ${line} |`).join('\n')}

![Event-loop delay](worker-threads.svg)

| transform | throughput, workers to main thread | event-loop delay p99 in workers | peak RSS over the main thread and the windows |
| --- | ---: | ---: | ---: |
${ratios.join('\n')}

The bars: p99 of 20 ms at most with workers, throughput of 1.6 times the main thread's on two cores, memory within the
windows' sum (1 MiB an ingest) and 30 MB. gzip on the "main thread" runs in Node's own thread pool already: there
workers have no throughput to win.

Raw figures: [worker-threads.json](raw/worker-threads.json). Made by \`npm run bench:workers\`.
`;
}

function runAll() {
  const log = [];
  log.loadBefore = loadavg()[0];
  if (log.loadBefore > 2) console.warn(`load average ${log.loadBefore.toFixed(1)}: figures will not hold`);
  for (let round = 0; round < rounds; round += 1) {
    for (const job of Object.keys(JOBS)) {
      for (const where of round % 2 === 0 ? ['main thread', 'workers'] : ['workers', 'main thread']) {
        const args = [
          '--expose-gc',
          fileURLToPath(import.meta.url),
          '--job',
          job,
          '--where',
          where,
          '--mib',
          String(mib),
        ];
        const { status, stdout } = spawnSync(process.execPath, args, {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        if (status !== 0) throw new Error(`${job}, ${where}: exit code ${status}`);
        log.push({ round, ...JSON.parse(stdout) });
        console.log(stdout.trim());
      }
    }
  }
  const text = report(log);
  console.log(text);
  if (values.dry) return;
  const folder = new URL('../../docs/benchmarks/', import.meta.url);
  mkdirSync(new URL('raw/', folder), { recursive: true });
  const rows = Object.keys(JOBS).flatMap((job) =>
    ['main thread', 'workers'].map((where) => summarize(log, job, where)),
  );
  writeFileSync(new URL('worker-threads.md', folder), text);
  writeFileSync(new URL('worker-threads.svg', folder), plot(rows));
  writeFileSync(new URL('raw/worker-threads.json', folder), `${JSON.stringify([...log], null, 1)}\n`);
}

if (values.job === undefined) runAll();
else await measure(values.job, values.where);
