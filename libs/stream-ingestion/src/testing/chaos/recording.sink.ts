import type { FinalizeSummary, IngestionSink } from '../../contracts/index.js';

export type SinkCall = 'write' | 'writev' | 'finalize' | 'abort';

/** What {@link RecordingSink} returns from `finalize`. */
export interface Recording {
  readonly bytes: Buffer;
  readonly summary: FinalizeSummary;
}

/** Keeps in memory which calls came, and the bytes that came with them. */
export class RecordingSink implements IngestionSink<Recording> {
  readonly preferredUnitBytes: number;
  readonly calls: SinkCall[] = [];
  /** Length of each write. */
  readonly writtenBytes: number[] = [];
  abortReason: unknown;
  readonly #chunks: Buffer[] = [];

  constructor(preferredUnitBytes = 64 * 1024) {
    this.preferredUnitBytes = preferredUnitBytes;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  write(chunk: Uint8Array): void {
    this.#keep('write', [chunk]);
  }

  writev(chunks: readonly Uint8Array[]): void {
    this.#keep('writev', chunks);
  }

  finalize(summary: FinalizeSummary): Recording {
    this.calls.push('finalize');
    return { bytes: this.bytes, summary };
  }

  abort(reason: unknown): void {
    this.calls.push('abort');
    this.abortReason = reason;
  }

  #keep(call: SinkCall, chunks: readonly Uint8Array[]): void {
    const copy = Buffer.concat(chunks);
    this.calls.push(call);
    this.writtenBytes.push(copy.byteLength);
    this.#chunks.push(copy);
  }
}
