import { randomUUID } from 'node:crypto';

import type {
  ByteSource,
  Digests,
  StreamIngestionError,
  TransferDirection,
  TransferObserver,
  TransferReport,
} from '../contracts/index.js';
import { BufferPool } from './buffer-pool.js';
import { BufferRing } from './buffer-ring.js';
import { asFailure, outcomeOf } from './failure.js';
import { FlowMeter } from './flow-meter.js';
import { watchIdle } from './idle-watch.js';
import { combineObservers } from './observers.js';
import { pump } from './pump.js';
import { SourceCheck, type SourceExpectation } from './source-check.js';
import { driverOf } from './sources/drive-source.js';
import type { Push, Terminal } from './terminal.js';
import { validateTransferOptions, type TransferOptions } from './transfer-options.js';
import { TransferScope } from './transfer-scope.js';
import { TransformChain } from './transform-chain.js';
import type { TransformChainContext } from './transform-chain-context.js';

// One buffer is filled while the other is on its way.
const RING_BUFFERS = 2;

export interface RunPlan {
  readonly source: ByteSource;
  readonly terminal: Terminal;
  readonly expected: SourceExpectation;
  readonly sourceDigests: () => Digests;
  readonly fill: boolean;
  readonly keepSourceOnFailure: boolean;
}

/** What both directions have in common: one scope, one meter, one ring of buffers, one report. */
export class TransferRun {
  readonly id: string;
  readonly scope: TransferScope;
  readonly meter = new FlowMeter();
  readonly pool: BufferPool;
  readonly ring: BufferRing;
  readonly observer: Required<TransferObserver>;
  readonly unitBytes: number;
  readonly #direction: TransferDirection;
  readonly #options: TransferOptions;
  #chain: TransformChain | undefined;

  constructor(direction: TransferDirection, options: TransferOptions, unitBytes: number) {
    this.id = options.id ?? randomUUID();
    this.#direction = direction;
    this.#options = options;
    this.unitBytes = unitBytes;
    this.scope = new TransferScope(direction, options.signal);
    this.pool = options.bufferPool ?? new BufferPool();
    this.ring = new BufferRing(this.pool, RING_BUFFERS);
    this.observer = combineObservers([options.observer]);
    this.observer.started({
      id: this.id,
      direction,
      startedAt: this.meter.startedAt,
      progress: this.meter.progress,
    });
  }

  /** Moves the bytes; see {@link pump}. */
  async move(plan: RunPlan): Promise<void> {
    const { scope, meter, ring } = this;
    const { terminal, expected, sourceDigests } = plan;
    const bufferBytes = Math.max(1, Math.min(this.unitBytes, expected.bytes ?? Infinity));
    const driver = driverOf(
      plan.source,
      { ring, bufferBytes, fill: plan.fill, sendGathered: () => terminal.sendGathered() },
      plan.keepSourceOnFailure,
    );
    const chain = this.#openChain(terminal);
    const stopWatching = watchIdle(meter, this.#options, (error) => scope.fail(error));
    await pump({ driver, check: new SourceCheck(expected), chain, terminal, scope, meter, sourceDigests });
    stopWatching();
    ring.dispose();
  }

  /** A failure goes to the scope, so that the source is let go in the same way as after any other. */
  #openChain(terminal: Terminal): TransformChain {
    const { scope, ring, meter } = this;
    const accept: Push = (chunk) => terminal.accept(chunk);
    const context: TransformChainContext = {
      isReused: (chunk) => ring.owns(chunk),
      borrow: (chunk, giveBack) => ring.borrow(chunk, giveBack),
      release: (chunk) => ring.release(chunk),
      signal: scope.signal,
      meter,
    };
    try {
      validateTransferOptions(this.#direction, { ...this.#options, unitBytes: this.unitBytes });
      this.#chain = new TransformChain(this.#options.transforms ?? [], accept, context);
    } catch (error) {
      scope.fail(asFailure('INVALID_OPTION', 'transfer.open', error));
      this.#chain = new TransformChain([], accept, context);
    }
    return this.#chain;
  }

  /**
   * Ends the run: nothing can abort it any more, and everybody is told.
   *
   * @param failure what ended it; absent where it is complete, even if somebody asked for its end a moment too late.
   */
  settle<Extra extends object>(
    failure: StreamIngestionError | undefined,
    digests: Digests,
    extra: Extra,
  ): TransferReport & Extra {
    this.scope.dispose();
    const report = { ...this.#report(failure, digests), ...extra };
    this.observer.settled(report);
    return report;
  }

  #report(failure: StreamIngestionError | undefined, digests: Digests): TransferReport {
    const { meter } = this;
    const durationMs = meter.elapsedMs;
    return {
      id: this.id,
      direction: this.#direction,
      outcome: failure === undefined ? 'completed' : outcomeOf(failure.code),
      ...(failure === undefined ? {} : { reason: { code: failure.code, message: failure.message } }),
      startedAt: meter.startedAt,
      durationMs,
      bytesIn: meter.bytesIn,
      bytesOut: meter.bytesOut,
      throughputBytesPerSecond: durationMs === 0 ? 0 : Math.round((meter.bytesOut * 1000) / durationMs),
      waits: { sourceMs: meter.sourceWaitMs, sinkMs: meter.sinkWaitMs },
      transforms: this.#chain?.reports() ?? [],
      writes: meter.writes.summary(),
      peakInFlightChunks: meter.peakInFlightChunks,
      peakInFlightBytes: meter.peakInFlightBytes,
      digests,
    };
  }
}
