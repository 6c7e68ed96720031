import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** The command as it was built. */
export const CLI_PATH = resolve(__dirname, '../../libs/stream-ingestion/dist/cli/main.js');

export interface CliOptions {
  readonly cwd: string;
  /** `open`: a pipe that the test writes to. Default: nothing to read. */
  readonly stdin?: 'open';
  /** `unread`: a pipe that nobody reads. */
  readonly stdout?: 'collected' | 'unread';
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CliRun {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

/** Runs the command to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).result;
}

export function startCli(args: readonly string[], options: CliOptions): CliRun {
  const { cwd, stdin, stdout, nodeOptions = [], env = {} } = options;
  const child = spawn(process.execPath, [...nodeOptions, CLI_PATH, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // The command may end before it has read everything; its result is what tells.
  child.stdin?.on('error', () => undefined);
  return { child, result: collect(child, stdout === 'unread') };
}

async function collect(child: ChildProcess, ignoreStdout: boolean): Promise<CliResult> {
  const stdout: Buffer[] = [];
  let stderr = '';
  if (!ignoreStdout) child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = (await once(child, ignoreStdout ? 'exit' : 'close')) as [number | null, NodeJS.Signals | null];
  if (ignoreStdout) child.stdout?.destroy();
  return { code, signal, stdout: Buffer.concat(stdout), stderr };
}

/** A folder to put on the PATH, with `stream-ingest` in it; returns the value for PATH. */
export async function pathWithCli(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const command = join(bin, 'stream-ingest');
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${CLI_PATH}" "$@"\n`);
  await chmod(command, 0o755);
  return `${bin}${delimiter}${process.env.PATH ?? ''}`;
}
