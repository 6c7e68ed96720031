import { StreamIngestionError, type ByteTransform } from '../contracts/index.js';
import { AutoOffloadedTransform } from './auto-offloaded.transform.js';
import type { ResolvedUnit, TransformDeclaration } from './declaration.js';
import { loadTransform } from './load-transform.js';
import { OffloadedTransform } from './offloaded.transform.js';
import { resolveDeclarations } from './resolve-declarations.js';
import { SessionWatch } from './session-watch.js';
import { SlabPool } from './slab-pool.js';
import { ThreadScheduler } from './thread-scheduler.js';
import type { WorkerPoolMetrics } from './worker-pool-metrics.js';
import {
  resolveWorkerPoolOptions,
  type ResolvedWorkerPoolOptions,
  type WorkerPoolOptions,
} from './worker-pool.options.js';
import { WorkerSession } from './worker-session.js';

export interface OffloadOptions {
  /**
   * `always`: in a worker. `auto`: transfers of up to `thresholdBytes` are transformed on the main thread, since a
   * worker would not be worth its while. Default: `always`.
   */
  readonly offload?: 'always' | 'auto';
  /** For `auto`, in bytes, 0 to 16 MiB: so much is held back until the choice is made. Default: 256 KiB. */
  readonly thresholdBytes?: number;
  /** Bytes to come, where known: `auto` then holds nothing back for a larger transfer. */
  readonly expectedBytes?: number;
}

const DEFAULT_THRESHOLD_BYTES = 256 * 1024;
const MAX_THRESHOLD_BYTES = 16 * 1024 * 1024;

/**
 * Worker threads that run transforms. Threads start when they are needed; a pool that nobody uses costs nothing and
 * does not keep the process alive. All methods may be called at any time.
 *
 *     const pool = new TransformWorkerPool();
 *     await ingestStream(source, sink, { transforms: [pool.offload(['digest', { name: 'gzip', options: { level: 9 } }])] });
 *     await pool.close();
 */
export class TransformWorkerPool {
  readonly #options: ResolvedWorkerPoolOptions;
  readonly #scheduler: ThreadScheduler;
  readonly #slabs: SlabPool;
  readonly #sessions = new Set<WorkerSession>();
  readonly #watch: SessionWatch;
  #opened = 0;
  #failed = 0;
  #settledBytes = { in: 0, out: 0 };
  #closing: Promise<void> | undefined;

  /** @throws INVALID_OPTION. */
  constructor(options: WorkerPoolOptions = {}) {
    this.#options = resolveWorkerPoolOptions(options);
    this.#scheduler = new ThreadScheduler(this.#options);
    this.#slabs = new SlabPool(this.#options.unitBytes, this.#options.idleBufferBytes);
    this.#watch = new SessionWatch({
      sessions: this.#sessions,
      hangTimeoutMs: this.#options.hangTimeoutMs,
      onHang: (session, error) => this.#onHang(session, error),
      onTick: () => this.#scheduler.threads.forEach((thread) => thread.sampleUtilization()),
    });
  }

  /**
   * One or more transforms as one, run by a worker; for one transfer, as every transform. Several are run by the same
   * thread one after the other, so that the bytes cross once each way.
   *
   * Errors: INVALID_OPTION here; while running those of the transforms, TRANSFORM_FAILED where a thread ends or hangs,
   * TOO_MANY_TRANSFERS where the queue is full, DRAINING once the pool is closing.
   */
  offload(
    transforms: TransformDeclaration | readonly TransformDeclaration[],
    options: OffloadOptions = {},
  ): ByteTransform {
    const unit = resolveDeclarations(transforms);
    const { offload = 'always', thresholdBytes = DEFAULT_THRESHOLD_BYTES, expectedBytes = 0 } = options;
    if (offload !== 'always' && offload !== 'auto') throw invalid("offload must be 'always' or 'auto'");
    if (!Number.isSafeInteger(thresholdBytes) || thresholdBytes < 0 || thresholdBytes > MAX_THRESHOLD_BYTES) {
      throw invalid(`thresholdBytes must be an integer from 0 to ${MAX_THRESHOLD_BYTES}`);
    }
    if (offload === 'always' || expectedBytes > thresholdBytes) return this.#offloaded(unit);
    return new AutoOffloadedTransform({
      name: unit.name,
      thresholdBytes,
      load: () => Promise.all(unit.declarations.map(loadTransform)),
      offload: () => this.#offloaded(unit),
    });
  }

  metrics(): WorkerPoolMetrics {
    const sessions = [...this.#sessions];
    const threads = this.#scheduler.threads.map(({ threadId, isolation, places, utilization }) => ({
      threadId,
      isolation,
      sessions: places,
      utilization,
    }));
    const busy = threads.filter((thread) => thread.sessions > 0);
    return {
      threads,
      utilization: busy.reduce((sum, { utilization }) => sum + utilization, 0) / Math.max(1, busy.length),
      activeSessions: sessions.length,
      queueLength: this.#scheduler.queueLength,
      waits: this.#scheduler.waits.summary(),
      sessionsOpened: this.#opened,
      sessionsFailed: this.#failed,
      bytesIn: sessions.reduce((sum, { bytesIn }) => sum + bytesIn, this.#settledBytes.in),
      bytesOut: sessions.reduce((sum, { bytesOut }) => sum + bytesOut, this.#settledBytes.out),
      restarts: this.#scheduler.lostThreads,
      idleBufferBytes: this.#slabs.idleBytes,
    };
  }

  /**
   * Takes nothing new, waits for what is running or queued (`closeGraceMs` at most; what then still runs fails), and
   * ends every thread. When it resolves no thread of the pool is left. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#scheduler.drain(this.#options.closeGraceMs);
    for (const session of this.#sessions) {
      session.fail(new StreamIngestionError('DRAINING', 'the worker pool is closing', { operation: 'workers.close' }));
    }
    await this.#scheduler.end();
    this.#watch.stop();
    this.#slabs.clear();
  }

  #offloaded(unit: ResolvedUnit): ByteTransform {
    const open = (signal: AbortSignal): Promise<WorkerSession> => this.#openSession(unit, signal);
    return new OffloadedTransform({ name: unit.name, open, slabBytes: this.#options.unitBytes });
  }

  async #openSession(unit: ResolvedUnit, signal: AbortSignal): Promise<WorkerSession> {
    const thread = await this.#scheduler.acquire(unit.isolation, signal);
    const session = new WorkerSession({
      session: this.#opened,
      thread,
      unit,
      slabs: this.#slabs,
      slabsEachWay: Math.floor(this.#options.windowBytes / this.#options.unitBytes / 2),
      onClosed: (closed) => this.#onClosed(closed),
    });
    this.#opened += 1;
    this.#sessions.add(session);
    this.#watch.start();
    // The transfer may be over by the time that its turn has come.
    signal.addEventListener('abort', () => this.#endAborted(session), { once: true });
    if (signal.aborted) session.fail(new Error('aborted'));
    return session;
  }

  #onClosed(session: WorkerSession): void {
    this.#sessions.delete(session);
    this.#settledBytes = {
      in: this.#settledBytes.in + session.bytesIn,
      out: this.#settledBytes.out + session.bytesOut,
    };
    if (session.failure !== undefined) this.#failed += 1;
    if (this.#sessions.size === 0) this.#watch.stop();
    this.#scheduler.release(session.thread);
  }

  /** A module that does not let go in time takes its thread with it; others on a shared thread are left in peace. */
  #endAborted(session: WorkerSession): void {
    if (session.closed || session.unit.isolation === 'shared') return;
    setTimeout(() => {
      if (!session.closed) this.#scheduler.discard(session.thread);
    }, this.#options.abortGraceMs).unref();
  }

  #onHang(session: WorkerSession, error: StreamIngestionError): void {
    session.fail(error);
    const silentMs = performance.now() - session.thread.lastSignAt;
    if (session.unit.isolation === 'own' || silentMs >= this.#options.hangTimeoutMs) {
      this.#scheduler.discard(session.thread);
    }
  }
}

function invalid(rule: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', `offload: ${rule}`, { operation: 'offload.create' });
}
