import type { TransferObserver, TransferProgress } from '../contracts/index.js';
import { progressLine } from './progress-line.js';

/** The part of a terminal's stream that a bar needs. */
export interface BarTerminal {
  readonly columns: number;
  write(text: string): unknown;
}

const REDRAW_MS = 200;
// The rate is the one of the last seconds: the time left follows a connection that becomes slower.
const RATE_SAMPLES = 25;
const ERASE_TO_END = '\u001b[K';
const ERASE_LINE = `\r${ERASE_TO_END}`;

interface Watched {
  readonly source: string;
  readonly totalBytes: number | undefined;
  readonly progress: () => TransferProgress;
}

/** One line on a terminal for all the transfers of a run, redrawn while they are under way. */
export class ProgressBar {
  readonly #terminal: BarTerminal;
  readonly #transfers: number;
  readonly #running = new Set<Watched>();
  readonly #startedAt = performance.now();
  #samples: { readonly at: number; readonly bytes: number }[] = [];
  #settledBytes = 0;
  #settled = 0;
  #drawn = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: BarTerminal, transfers: number) {
    this.#terminal = terminal;
    this.#transfers = transfers;
  }

  /** To be given to the transfer of that source. */
  watch(source: string, totalBytes: number | undefined): TransferObserver {
    let watched: Watched | undefined;
    return {
      started: ({ progress }) => {
        watched = { source, totalBytes, progress };
        this.#running.add(watched);
        this.#timer ??= setInterval(() => this.#draw(), REDRAW_MS).unref();
      },
      settled: ({ bytesIn }) => {
        if (watched !== undefined) this.#running.delete(watched);
        this.#settledBytes += bytesIn;
        this.#settled += 1;
      },
    };
  }

  /** Takes the line away, so that something else can be written. */
  erase(): void {
    if (this.#drawn) this.#terminal.write(ERASE_LINE);
    this.#drawn = false;
  }

  stop(): void {
    this.erase();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const running = [...this.#running];
    const now = performance.now();
    const bytes = running.reduce((sum, { progress }) => sum + progress().bytesIn, this.#settledBytes);
    this.#samples = [...this.#samples.slice(1 - RATE_SAMPLES), { at: now, bytes }];
    const { at, bytes: bytesThen } = this.#samples[0] ?? { at: now, bytes };
    const elapsedMs = now - this.#startedAt;
    const look = {
      label: this.#label(running),
      bytes,
      totalBytes: this.#total(running),
      bytesPerSecond: now > at ? ((bytes - bytesThen) * 1000) / (now - at) : (bytes * 1000) / Math.max(1, elapsedMs),
      elapsedMs,
    };
    this.#terminal.write(`\r${progressLine(look, this.#terminal.columns)}${ERASE_TO_END}`);
    this.#drawn = true;
  }

  #label(running: readonly Watched[]): string {
    if (this.#transfers > 1) return `${this.#settled} of ${this.#transfers} done`;
    return running[0]?.source ?? '';
  }

  /** Unknown as long as one source has not said how long it is, or has not been opened yet. */
  #total(running: readonly Watched[]): number | undefined {
    if (running.length + this.#settled < this.#transfers) return undefined;
    return running.reduce<number | undefined>(
      (sum, { totalBytes }) => (sum === undefined || totalBytes === undefined ? undefined : sum + totalBytes),
      this.#settledBytes,
    );
  }
}
