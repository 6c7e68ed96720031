/**
 * A source that reads into memory which the engine owns. It is the fastest kind: the engine reuses two or three
 * buffers for a transfer of any length.
 */
export interface PullSource {
  /**
   * Reads the next bytes into `buffer`, from its start.
   *
   * @returns how many bytes were read, 1 to `buffer.byteLength`; 0 only at the end.
   * The source must not touch `buffer` once the promise has settled. Calls never overlap.
   */
  pull(buffer: Uint8Array, signal: AbortSignal): Promise<number> | number;

  /** Frees what the source holds. Called exactly once, after the last `pull` has settled, however the transfer ended. */
  close(): Promise<void> | void;
}
