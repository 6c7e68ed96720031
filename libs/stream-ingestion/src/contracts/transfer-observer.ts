import type { TransferDirection, TransferProgress, TransferReport } from './transfer-report.js';

/** What an observer is told when a transfer begins. */
export interface TransferStarted {
  readonly id: string;
  readonly direction: TransferDirection;
  readonly startedAt: Date;
  /** Reads the running counters; cheap, callable at any time. */
  readonly progress: () => TransferProgress;
}

/**
 * Lifecycle events of a transfer, in this order: `started`, then for a complete stream `finalizing`, then `settled`.
 * `writeSettled` comes once a unit in between. An observer must not throw; what it throws is ignored.
 */
export interface TransferObserver {
  started?(event: TransferStarted): void;
  /** One write took that long. */
  writeSettled?(bytes: number, durationMs: number): void;
  /** The last byte was written; the sink is being finalized. */
  finalizing?(): void;
  /** The sink's `abort` failed: what it should have removed may still be there. */
  abortFailed?(error: unknown): void;
  /** Always last, exactly once. */
  settled?(report: TransferReport): void;
}
