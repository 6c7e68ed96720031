import type { TransferProgress } from '../contracts/index.js';
import { DurationHistogram } from './duration-histogram.js';

/** The counters of one transfer. It sits in the path: each part of the engine counts what it does. */
export class FlowMeter {
  bytesIn = 0;
  bytesOut = 0;
  /** Bytes that any transform has emitted. */
  bytesTransformed = 0;
  sourceWaitMs = 0;
  sinkWaitMs = 0;
  inFlightChunks = 0;
  inFlightBytes = 0;
  peakInFlightChunks = 0;
  peakInFlightBytes = 0;
  readonly writes = new DurationHistogram();
  readonly startedAt = new Date();
  readonly #started = performance.now();

  accepted(bytes: number): void {
    this.inFlightChunks += 1;
    this.inFlightBytes += bytes;
    if (this.inFlightChunks > this.peakInFlightChunks) this.peakInFlightChunks = this.inFlightChunks;
    if (this.inFlightBytes > this.peakInFlightBytes) this.peakInFlightBytes = this.inFlightBytes;
  }

  settled(chunks: number, bytes: number): void {
    this.inFlightChunks -= chunks;
    this.inFlightBytes -= bytes;
  }

  written(bytes: number, durationMs: number): void {
    this.bytesOut += bytes;
    this.writes.record(durationMs);
  }

  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  readonly progress = (): TransferProgress => ({
    bytesIn: this.bytesIn,
    bytesOut: this.bytesOut,
    inFlightChunks: this.inFlightChunks,
    inFlightBytes: this.inFlightBytes,
    elapsedMs: this.elapsedMs,
  });
}
