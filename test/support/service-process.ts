import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { openDescriptors, peakResidentBytes, resetPeak, residentBytes } from './process-facts.js';
import { filesBelow, makeTemporaryFolder, removeFolder } from './temporary-folder.js';

const MAIN = resolve('dist/main.js');
const START_TIMEOUT_MS = 30_000;

export interface ServiceOptions {
  /** Beside PORT=0 and DATA_DIR; nothing but PATH is taken over from the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a new temporary folder, removed by `dispose`. */
  readonly dataDir?: string;
  /** Arguments of `node`, before the program. */
  readonly nodeArguments?: readonly string[];
}

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built sample application as a process of its own, as `npm start` runs it. */
export class ServiceProcess {
  readonly dataDir: string;
  readonly exited: Promise<ServiceExit>;
  readonly #child: ChildProcess;
  readonly #ownsDataDir: boolean;
  #stdout = '';
  #stderr = '';
  #url: string | undefined;

  private constructor(child: ChildProcess, dataDir: string, ownsDataDir: boolean) {
    this.#child = child;
    this.dataDir = dataDir;
    this.#ownsDataDir = ownsDataDir;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.exited = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** Starts it without waiting for anything. */
  static async spawn({ env = {}, dataDir, nodeArguments = [] }: ServiceOptions = {}): Promise<ServiceProcess> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build" first`);
    const folder = dataDir ?? (await makeTemporaryFolder());
    const child = spawn(process.execPath, [...nodeArguments, MAIN], {
      env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServiceProcess(child, folder, dataDir === undefined);
  }

  /** Starts it, and resolves when it listens. */
  static async start(options: ServiceOptions = {}): Promise<ServiceProcess> {
    const service = await ServiceProcess.spawn(options);
    await service.#listening();
    return service;
  }

  /** Such as `http://127.0.0.1:40123`. */
  get url(): string {
    if (this.#url === undefined) throw new Error('the service does not listen');
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the service was not started');
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  fileUrl(key: string): string {
    return `${this.url}/files/${key.split('/').map(encodeURIComponent).join('/')}`;
  }

  residentBytes(): number {
    return residentBytes(this.pid);
  }

  peakResidentBytes(): number {
    return peakResidentBytes(this.pid);
  }

  resetPeak(): void {
    resetPeak(this.pid);
  }

  /** Open descriptors that are files below DATA_DIR or sockets, so that those of the runtime itself do not count. */
  openDescriptors(): string[] {
    return openDescriptors(this.pid).filter(
      (target) => target.startsWith('socket:') || target.startsWith(this.dataDir),
    );
  }

  /** Every file below DATA_DIR: objects, what is kept beside them, and temporary ones. */
  storedFiles(): Promise<string[]> {
    return filesBelow(this.dataDir);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ServiceExit> {
    this.signal(signal);
    return this.exited;
  }

  /** Ends it in any state and removes its own data. */
  async dispose(): Promise<void> {
    if (this.isRunning) await this.stop('SIGKILL');
    if (this.#ownsDataDir) await removeFolder(this.dataDir);
  }

  async #listening(): Promise<void> {
    const started = new Promise<string>((resolve) => {
      const look = (): void => {
        const address = /^listening on (http:\S+)$/m.exec(this.#stdout)?.[1];
        if (address === undefined) return;
        this.#child.stdout?.off('data', look);
        resolve(address);
      };
      this.#child.stdout?.on('data', look);
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), START_TIMEOUT_MS);
    });
    this.#url = await Promise.race([started, late, this.exited.then(() => undefined)]);
    clearTimeout(timer);
    if (this.#url === undefined) {
      await this.dispose();
      throw new Error(`the service did not start:\n${this.#stdout}\n${this.#stderr}`);
    }
  }
}
