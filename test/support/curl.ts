import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { makeTemporaryFolder, removeFolder } from './temporary-folder.js';

export interface CurlOptions {
  /** For `-T -` and `--data-binary @-`: a path (which curl reads by itself), bytes or a stream. */
  readonly stdin?: string | Buffer | Readable;
  /** Default: a temporary file, in the answer's `body`. */
  readonly output?: string;
}

export interface CurlAnswer {
  /** What curl exits with: 0 where the exchange was complete, whatever the status. */
  readonly exitCode: number | null;
  /** Of the last response; 0 where there was none. */
  readonly status: number;
  /** Of the last response, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where `output` was given. */
  readonly body: Buffer;
  readonly stderr: string;
}

/** A curl that is under way. */
export interface CurlRun {
  readonly child: ChildProcess;
  readonly answer: Promise<CurlAnswer>;
}

/** Runs the real curl to its end. */
export async function curl(args: readonly string[], options: CurlOptions = {}): Promise<CurlAnswer> {
  return (await startCurl(args, options)).answer;
}

export async function startCurl(args: readonly string[], { stdin, output }: CurlOptions = {}): Promise<CurlRun> {
  const folder = await makeTemporaryFolder();
  const bodyPath = output ?? join(folder, 'body');
  const headerPath = join(folder, 'headers');
  const command = ['--silent', '--show-error', '--output', bodyPath, '--dump-header', headerPath];
  const input = typeof stdin === 'string' ? await open(stdin) : undefined;
  const child = spawn('curl', [...command, '--write-out', '%{http_code}', ...args], {
    stdio: [input?.fd ?? (stdin === undefined ? 'ignore' : 'pipe'), 'pipe', 'pipe'],
  });
  await input?.close();
  const feeding = feed(child, stdin);
  const answer = collect(child).then(async ({ exitCode, stdout, stderr }): Promise<CurlAnswer> => {
    await feeding;
    const read = async (path: string): Promise<Buffer> => readFile(path).catch(() => Buffer.alloc(0));
    const headers = lastHeaders((await read(headerPath)).toString('latin1'));
    const body = output === undefined ? await read(bodyPath) : Buffer.alloc(0);
    await removeFolder(folder);
    return { exitCode, status: Number(stdout), headers, body, stderr };
  });
  return { child, answer };
}

async function feed(child: ChildProcess, stdin: CurlOptions['stdin']): Promise<void> {
  if (stdin === undefined || typeof stdin === 'string' || child.stdin === null) return;
  // curl stops reading as soon as it was refused; that is for the answer to tell.
  await pipeline(Buffer.isBuffer(stdin) ? Readable.from([stdin]) : stdin, child.stdin).catch(() => undefined);
}

async function collect(child: ChildProcess): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

/** Skips what came before the last response: 100 Continue, redirects. */
function lastHeaders(text: string): Record<string, string> {
  const block = text.trimEnd().split('\r\n\r\n').at(-1) ?? '';
  const headers: Record<string, string> = {};
  for (const line of block.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
