import { StreamIngestionError } from '../contracts/index.js';
import type { WorkerSession } from './worker-session.js';

const LEAST_INTERVAL_MS = 5;
const MOST_INTERVAL_MS = 1000;

/** Looks at all sessions of a pool now and then, for those that give no sign although they have work. */
export class SessionWatch {
  readonly #sessions: ReadonlySet<WorkerSession>;
  readonly #hangTimeoutMs: number;
  readonly #onHang: (session: WorkerSession, error: StreamIngestionError) => void;
  readonly #onTick: () => void;
  readonly #suspects = new Map<WorkerSession, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: {
    readonly sessions: ReadonlySet<WorkerSession>;
    readonly hangTimeoutMs: number;
    readonly onHang: (session: WorkerSession, error: StreamIngestionError) => void;
    readonly onTick: () => void;
  }) {
    this.#sessions = parts.sessions;
    this.#hangTimeoutMs = parts.hangTimeoutMs;
    this.#onHang = parts.onHang;
    this.#onTick = parts.onTick;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    const wanted = this.#hangTimeoutMs === 0 ? MOST_INTERVAL_MS : this.#hangTimeoutMs / 4;
    const intervalMs = Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, wanted));
    this.#timer = setInterval(() => this.#look(), intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#suspects.clear();
  }

  #look(): void {
    this.#onTick();
    for (const session of this.#sessions) {
      if (this.#hangTimeoutMs === 0 || !this.#isSilent(session)) this.#suspects.delete(session);
      // Where this thread itself was held up, the sign may wait behind this timer: judged at the second look.
      else if (this.#suspects.get(session) === session.lastSignAt) this.#fail(session);
      else this.#suspects.set(session, session.lastSignAt);
    }
  }

  #isSilent(session: WorkerSession): boolean {
    return session.owesWork && performance.now() - session.lastSignAt >= this.#hangTimeoutMs;
  }

  #fail(session: WorkerSession): void {
    this.#suspects.delete(session);
    if (session.failure !== undefined) return;
    const { unit } = session;
    this.#onHang(
      session,
      new StreamIngestionError('TRANSFORM_FAILED', `${unit.name}: no sign of it for ${this.#hangTimeoutMs} ms`, {
        operation: 'workers.run',
        context: { hangTimeoutMs: this.#hangTimeoutMs, isolation: unit.isolation },
        cause: new Error('the transform hangs, or needs longer for one unit than hangTimeoutMs allows'),
      }),
    );
  }
}
