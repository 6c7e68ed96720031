import type { TransferCommand } from './command-line.js';
import { formatBytes, formatDuration } from './human-units.js';
import { printable } from './printable.js';
import type { ProgressBar } from './progress-bar.js';
import { jsonLine, readerHadEnough, type TransferRecord } from './transfer-record.js';

export interface ReporterOutputs {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Tells how each transfer went, as the command line asks for it. */
export class Reporter {
  readonly #command: TransferCommand;
  readonly #outputs: ReporterOutputs;
  readonly #bar: ProgressBar | undefined;

  constructor(command: TransferCommand, outputs: ReporterOutputs, bar: ProgressBar | undefined) {
    this.#command = command;
    this.#outputs = outputs;
    this.#bar = bar;
  }

  settled(record: TransferRecord): void {
    const { json, quiet, destination } = this.#command;
    const { stdout, stderr } = this.#outputs;
    this.#bar?.erase();
    if (json) (destination.kind === 'stdio' ? stderr : stdout).write(jsonLine(record));
    // With the data on standard output, standard error is for the report alone.
    if (json && destination.kind === 'stdio') return;
    if (record.failure !== undefined) this.#explain(record);
    else if (!json && !quiet) stderr.write(summary(record));
  }

  #explain(record: TransferRecord): void {
    const { failure } = record;
    if (failure === undefined || readerHadEnough(record)) return;
    this.say(describeFailure(record));
    if (failure.abortFailure !== undefined) {
      this.say(`${record.destination}: could not be cleaned up: ${messageOf(failure.abortFailure)}`);
    }
  }

  say(message: string): void {
    this.#outputs.stderr.write(`stream-ingest: ${printable(message)}\n`);
  }
}

function describeFailure({ source, failure }: TransferRecord): string {
  const { message = '', context = {} } = failure ?? {};
  return 'path' in context || 'url' in context ? message : `${source}: ${message}`;
}

function summary({ destination, report }: TransferRecord): string {
  const { bytesIn, bytesOut, durationMs, throughputBytesPerSecond, digests } = report;
  const read = bytesIn === bytesOut ? '' : ` from ${formatBytes(bytesIn)}`;
  const rate = `${formatBytes(throughputBytesPerSecond)}/s`;
  const lines = [
    `${printable(destination)}: ${formatBytes(bytesOut)}${read} in ${formatDuration(durationMs)}, ${rate}`,
    ...Object.entries(digests).map(([algorithm, value]) => `  ${algorithm} ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
