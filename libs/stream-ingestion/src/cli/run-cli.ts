import { readFileSync } from 'node:fs';

import { isStreamIngestionError } from '../contracts/index.js';
import { parseCommandLine, type Command } from './command-line.js';
import { EXIT_DONE, EXIT_USAGE } from './exit-code.js';
import { HELP_TEXT, SHORT_USAGE } from './help-text.js';
import { printable } from './printable.js';

/** @returns the exit code; what is to be said has been written to standard output and error. */
export async function runCli(args: readonly string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommandLine(args);
  } catch (error) {
    if (!isStreamIngestionError(error)) throw error;
    process.stderr.write(`stream-ingest: ${printable(error.message)}\n${SHORT_USAGE}\nMore: stream-ingest --help\n`);
    return EXIT_USAGE;
  }
  if (command.kind === 'transfer') {
    const { runTransfers } = await import('./run-transfers.js');
    return runTransfers(command);
  }
  process.stdout.write(command.kind === 'help' ? HELP_TEXT : `${packageVersion()}\n`);
  return EXIT_DONE;
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
