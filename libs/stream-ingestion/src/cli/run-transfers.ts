import { isStreamIngestionError } from '../contracts/index.js';
import { BufferPool } from '../engine/index.js';
import type { TransferCommand } from './command-line.js';
import { EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED } from './exit-code.js';
import { listenForInterruption } from './interruption.js';
import { ProgressBar } from './progress-bar.js';
import { Reporter } from './reporter.js';
import { runTransfer } from './run-transfer.js';
import { assertDirectory } from './target.js';
import { readerHadEnough, type TransferRecord } from './transfer-record.js';
import { transformsOf } from './transforms-of.js';

/** Runs every transfer of a command and says how it went; a failure does not keep the others from being tried. */
export async function runTransfers(command: TransferCommand): Promise<number> {
  const { stdout, stderr } = process;
  const bar = wantsBar(command) ? new ProgressBar(stderr, command.sources.length) : undefined;
  const reporter = new Reporter(command, { stdout, stderr }, bar);
  const signal = listenForInterruption();
  try {
    const { sources, destination, concurrency } = command;
    if (sources.length > 1 && destination.kind === 'file') await assertDirectory(destination);
    const surroundings = {
      command,
      signal,
      bufferPool: new BufferPool(),
      createTransforms: await transformsOf(command),
      watch: (source: string, totalBytes: number | undefined) => bar?.watch(source, totalBytes) ?? {},
    };
    const records: TransferRecord[] = [];
    await inParallel(sources, concurrency, async (source) => {
      const record = await runTransfer(source, surroundings);
      records.push(record);
      reporter.settled(record);
    });
    return exitCodeOf(records, signal.aborted);
  } catch (error) {
    if (!isStreamIngestionError(error)) throw error;
    reporter.say(error.message);
    return EXIT_FAILED;
  } finally {
    bar?.stop();
  }
}

function wantsBar({ quiet, destination }: TransferCommand): boolean {
  const dataOnTerminal = destination.kind === 'stdio' && process.stdout.isTTY;
  return !quiet && process.stderr.isTTY && !dataOnTerminal;
}

function exitCodeOf(records: readonly TransferRecord[], interrupted: boolean): number {
  const failed = records.filter((record) => record.failure !== undefined && !readerHadEnough(record));
  if (interrupted && failed.some(({ failure }) => failure?.code === 'ABORTED')) return EXIT_INTERRUPTED;
  return failed.length > 0 ? EXIT_FAILED : EXIT_DONE;
}

async function inParallel<T>(items: readonly T[], limit: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
