import type { FileHandle } from 'node:fs/promises';

/** One at a time for a whole store: each holds a thread of the pool, and there are four. */
export class WritebackGate {
  #busy = false;

  tryRun(work: () => Promise<void>): Promise<void> | undefined {
    if (this.#busy) return undefined;
    this.#busy = true;
    return work().finally(() => {
      this.#busy = false;
    });
  }
}

/**
 * Has the file system write one file to the device while more of it is coming, so that the fsync at its end is short
 * and unwritten pages do not pile up. What fails here fails the transfer: the kernel reports a lost page once only.
 */
export class Writeback {
  readonly #handle: FileHandle;
  readonly #gate: WritebackGate;
  readonly #everyBytes: number;
  #pendingBytes = 0;
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(handle: FileHandle, gate: WritebackGate, everyBytes: number) {
    this.#handle = handle;
    this.#gate = gate;
    this.#everyBytes = everyBytes;
  }

  /** Never waits. @throws what an earlier run has failed with. */
  written(bytes: number): void {
    this.#throwIfFailed();
    this.#pendingBytes += bytes;
    if (this.#everyBytes === 0 || this.#pendingBytes < this.#everyBytes || this.#running !== undefined) return;
    const run = this.#gate.tryRun(() => this.#handle.datasync());
    if (run === undefined) return;
    this.#pendingBytes = 0;
    this.#running = run
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Resolves once nothing is under way. @throws what a run has failed with. */
  async settled(): Promise<void> {
    await this.#running;
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
