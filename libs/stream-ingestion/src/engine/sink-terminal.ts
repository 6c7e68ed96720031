import type { IngestionSink, TransferObserver } from '../contracts/index.js';
import type { BufferPool } from './buffer-pool.js';
import type { BufferRing } from './buffer-ring.js';
import type { Digester } from './digester.js';
import { asFailure } from './failure.js';
import type { FlowMeter } from './flow-meter.js';
import type { ReleaseMemory } from './memory-release.js';
import type { Terminal } from './terminal.js';
import type { TransferScope } from './transfer-scope.js';
import { UnitGatherer, type Unit } from './unit-gatherer.js';

export interface SinkTerminalParts {
  readonly sink: IngestionSink;
  readonly unitBytes: number;
  readonly scope: TransferScope;
  readonly meter: FlowMeter;
  readonly ring: BufferRing;
  readonly pool: BufferPool;
  readonly digester: Digester | undefined;
  readonly observer: TransferObserver;
  /** There where chunks belong to this transfer alone. */
  readonly releaseMemory: ReleaseMemory | undefined;
}

/**
 * Writes to a sink in units of its preferred size: one unit is written while the next is gathered, so that at most two
 * are held. A full second unit holds the source back.
 */
export class SinkTerminal implements Terminal {
  readonly #parts: SinkTerminalParts;
  readonly #gatherer: UnitGatherer;
  #writing: Promise<void> | undefined;

  constructor(parts: SinkTerminalParts) {
    this.#parts = parts;
    this.#gatherer = new UnitGatherer(parts.ring);
  }

  accept(chunk: Uint8Array): Promise<void> | void {
    this.#parts.digester?.update(chunk);
    return this.#gather(chunk);
  }

  sendGathered(): void {
    if (this.#writing === undefined && this.#gatherer.bytes > 0) this.#startWrite();
  }

  async flush(): Promise<void> {
    const waitedFrom = performance.now();
    await this.#writing;
    this.#parts.scope.throwIfFailed();
    this.sendGathered();
    await this.#writing;
    this.#parts.meter.sinkWaitMs += performance.now() - waitedFrom;
    this.#parts.scope.throwIfFailed();
  }

  async quiesced(): Promise<void> {
    await this.#writing;
    this.#settle(this.#gatherer.take());
  }

  #gather(chunk: Uint8Array, from = 0): Promise<void> | void {
    const { unitBytes, meter, ring, releaseMemory } = this.#parts;
    const mayRelease = releaseMemory !== undefined;
    let offset = from;
    while (offset < chunk.byteLength) {
      const end = Math.min(chunk.byteLength, offset + unitBytes - this.#gatherer.bytes);
      const piece = offset === 0 && end === chunk.byteLength ? chunk : chunk.subarray(offset, end);
      meter.accepted(piece.byteLength);
      this.#gatherer.add(piece);
      // Asked now: memory that is lent may be its lender's again, and unknown here, by the time that the unit settles.
      if (mayRelease && end === chunk.byteLength && !ring.owns(chunk)) this.#gatherer.consumed(chunk);
      offset = end;
      if (this.#gatherer.bytes < unitBytes) return;
      if (this.#writing !== undefined) return this.#waitThenGather(chunk, offset);
      this.#startWrite();
    }
  }

  async #waitThenGather(chunk: Uint8Array, offset: number): Promise<void> {
    const waitedFrom = performance.now();
    await this.#writing;
    this.#parts.meter.sinkWaitMs += performance.now() - waitedFrom;
    this.#parts.scope.throwIfFailed();
    this.#startWrite();
    if (offset < chunk.byteLength) await this.#gather(chunk, offset);
  }

  #startWrite(): void {
    this.#writing = this.#write(this.#gatherer.take());
  }

  /** Never rejects: a failure goes to the scope, where whoever waits for this write looks next. */
  async #write(unit: Unit): Promise<void> {
    const { scope, meter, observer } = this.#parts;
    const startedAt = performance.now();
    try {
      await this.#handToSink(unit);
      const durationMs = performance.now() - startedAt;
      meter.written(unit.bytes, durationMs);
      observer.writeSettled?.(unit.bytes, durationMs);
    } catch (error) {
      scope.fail(asFailure('SINK_FAILED', 'sink.write', error));
    }
    this.#writing = undefined;
    this.#settle(unit);
  }

  async #handToSink({ chunks, bytes }: Unit): Promise<void> {
    const { sink, scope, pool } = this.#parts;
    const [only] = chunks;
    if (chunks.length === 1 && only !== undefined) return sink.write(only, scope.signal);
    if (sink.writev !== undefined) return sink.writev(chunks, scope.signal);
    const joined = pool.acquire(bytes);
    let offset = 0;
    for (const chunk of chunks) {
      joined.set(chunk, offset);
      offset += chunk.byteLength;
    }
    try {
      await sink.write(joined.subarray(0, bytes), scope.signal);
    } finally {
      pool.release(joined);
    }
  }

  #settle(unit: Unit): void {
    const { meter, ring, releaseMemory } = this.#parts;
    for (const chunk of unit.chunks) if (ring.owns(chunk)) ring.release(chunk);
    if (releaseMemory !== undefined) unit.consumed.forEach(releaseMemory);
    meter.settled(unit.pieces, unit.bytes);
  }
}
