import type { WriteDurations } from '../contracts/index.js';

/** A look at one thread. */
export interface WorkerThreadMetrics {
  readonly threadId: number;
  readonly isolation: 'own' | 'shared';
  readonly sessions: number;
  /** Share of the last second or so in which the thread was not waiting, 0 to 1. */
  readonly utilization: number;
}

/** A look at a pool. Counters only ever grow. */
export interface WorkerPoolMetrics {
  readonly threads: readonly WorkerThreadMetrics[];
  /** Mean over the threads that have sessions, 0 where none has. */
  readonly utilization: number;
  readonly activeSessions: number;
  /** Transfers that wait for a thread right now. */
  readonly queueLength: number;
  /** How long transfers waited for a thread, the quick ones too. */
  readonly waits: WriteDurations;
  readonly sessionsOpened: number;
  /** Sessions that ended before all was transformed: failures and aborts. */
  readonly sessionsFailed: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Threads that ended by themselves or had to be ended, and were or will be replaced. */
  readonly restarts: number;
  /** Memory that waits for reuse, in bytes. */
  readonly idleBufferBytes: number;
}
