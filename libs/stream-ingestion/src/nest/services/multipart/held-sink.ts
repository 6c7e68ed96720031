import type { FinalizeSummary, IngestionSink } from '../../../contracts/index.js';
import type { Hold } from './hold.js';

/**
 * Stands before a sink and holds its `finalize` back until it is released, so that several sinks become visible
 * together, or none of them does. Everything else passes through.
 */
export class HeldSink<Result> implements IngestionSink<Result> {
  readonly preferredUnitBytes?: number;
  readonly writev?: NonNullable<IngestionSink<Result>['writev']>;
  readonly #inner: IngestionSink<Result>;
  readonly #hold: Hold;

  constructor(inner: IngestionSink<Result>, hold: Hold) {
    this.#inner = inner;
    this.#hold = hold;
    if (inner.preferredUnitBytes !== undefined) this.preferredUnitBytes = inner.preferredUnitBytes;
    if (inner.writev !== undefined) this.writev = (chunks, signal) => inner.writev?.(chunks, signal);
  }

  write(chunk: Uint8Array, signal: AbortSignal): Promise<void> | void {
    return this.#inner.write(chunk, signal);
  }

  async finalize(summary: FinalizeSummary, signal: AbortSignal): Promise<Result> {
    const onAbort = (): void => this.#hold.giveUp(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    this.#hold.markWritten();
    await this.#hold.released;
    signal.removeEventListener('abort', onAbort);
    return this.#inner.finalize(summary, signal);
  }

  abort(reason: unknown): Promise<void> | void {
    return this.#inner.abort(reason);
  }
}
