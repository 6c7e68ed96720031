import type { ByteTransform, Digests, Emit, TransformResult } from '../contracts/index.js';
import { StopSwitch } from '../transforms/stop-switch.js';
import type { WorkerSession } from './worker-session.js';

export interface OffloadedTransformParts {
  readonly name: string;
  /** Opens a session; rejects with the reason of `signal` where that fires while it waits. */
  readonly open: (signal: AbortSignal) => Promise<WorkerSession>;
  readonly slabBytes: number;
}

/**
 * A transform whose work is done by a worker thread. A call settles when there is credit for the next, not when its
 * bytes were transformed; what has come out meanwhile is emitted, in order, by the calls that follow and by the last.
 */
export class OffloadedTransform implements ByteTransform {
  readonly name: string;
  readonly #parts: OffloadedTransformParts;
  readonly #stop: StopSwitch;
  #session: WorkerSession | undefined;
  #waitedMs = 0;

  constructor(parts: OffloadedTransformParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#stop = new StopSwitch(`${parts.name}.transform`);
    this.#stop.signal.addEventListener('abort', () => this.#abandon(), { once: true });
  }

  transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#stop.follow(signal, async () => {
      const session = await this.#opened();
      let offset = 0;
      for (;;) {
        await this.#handOn(session, emit);
        offset += session.put(chunk.subarray(offset));
        if (offset === chunk.byteLength) return;
        await session.changed();
      }
    });
  }

  flush(emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#stop.follow(signal, async () => {
      const session = await this.#opened();
      session.end();
      for (;;) {
        await this.#handOn(session, emit);
        if (session.closed) return;
        await session.changed();
      }
    });
  }

  /** Digests and facts of all that ran in the worker; where two give the same name, the later one's. */
  result(): TransformResult {
    const session = this.#session;
    const reports = session?.reports ?? [];
    const digests = Object.assign({}, ...reports.map((report) => report.digests)) as Digests;
    return {
      ...(Object.keys(digests).length === 0 ? {} : { digests }),
      facts: {
        ...(Object.assign({}, ...reports.map((report) => report.facts)) as TransformResult['facts']),
        offloaded: true,
        queuedMs: Math.round(this.#waitedMs),
        workerMs: Math.round(reports.reduce((sum, { durationMs }) => sum + durationMs, 0)),
        peakInFlightBytes: (session?.peakSlabs ?? 0) * this.#parts.slabBytes,
      },
    };
  }

  destroy(reason?: unknown): void {
    this.#stop.stop(reason);
  }

  async #opened(): Promise<WorkerSession> {
    if (this.#session !== undefined) return this.#session;
    const askedAt = performance.now();
    this.#session = await this.#parts.open(this.#stop.signal);
    this.#waitedMs = performance.now() - askedAt;
    return this.#session;
  }

  async #handOn(session: WorkerSession, emit: Emit): Promise<void> {
    for (;;) {
      this.#stop.throwIfStopped();
      if (session.failure !== undefined) throw session.failure;
      const output = session.takeOutput();
      if (output === undefined) return;
      await emit(output.chunk, output.giveBack);
      output.taken();
    }
  }

  #abandon(): void {
    if (this.#session?.closed === false) this.#session.fail(asError(this.#stop.signal.reason));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
