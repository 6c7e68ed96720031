import type { ByteTransform, Emit, TransformReport } from '../contracts/index.js';
import { asFailure } from './failure.js';
import type { Push } from './terminal.js';
import type { TransformChainContext } from './transform-chain-context.js';

const ignore = (): void => undefined;

/** One transform in its place in the chain, with its own clock and counters. */
export class TransformStage {
  readonly #transform: ByteTransform;
  readonly #next: Push;
  readonly #context: TransformChainContext;
  #bytesIn = 0;
  #bytesOut = 0;
  #totalMs = 0;
  #downstreamMs = 0;
  #emitting: Promise<void> | undefined;

  constructor(transform: ByteTransform, next: Push, context: TransformChainContext) {
    this.#transform = transform;
    this.#next = next;
    this.#context = context;
  }

  readonly push: Push = (chunk) => {
    this.#bytesIn += chunk.byteLength;
    return this.#timed(() => this.#transform.transform(chunk, this.#emit, this.#context.signal));
  };

  async flush(): Promise<void> {
    await this.#timed(() => this.#transform.flush?.(this.#emit, this.#context.signal));
  }

  report(): TransformReport {
    return {
      name: this.#transform.name,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      durationMs: Math.max(0, this.#totalMs - this.#downstreamMs),
      ...this.#result(),
    };
  }

  destroy(reason: unknown): void {
    try {
      this.#transform.destroy?.(reason);
    } catch {
      // The transfer has ended; how a transform cleans up cannot change its outcome.
    }
  }

  #result() {
    try {
      return this.#transform.result?.() ?? {};
    } catch {
      // A transform that was cut off may have nothing to say.
      return {};
    }
  }

  readonly #emit: Emit = (chunk, giveBack) => {
    if (giveBack === undefined) return this.#handOn(chunk);
    this.#context.borrow(chunk, giveBack);
    const release = (): void => this.#context.release(chunk);
    const busy = this.#handOn(chunk);
    if (busy === undefined) return release();
    // Where it failed the transfer has, and gives back everything at its end.
    busy.then(release, ignore);
    return busy;
  };

  #handOn(chunk: Uint8Array): Promise<void> | void {
    if (chunk.byteLength === 0) return;
    this.#bytesOut += chunk.byteLength;
    this.#context.meter.bytesTransformed += chunk.byteLength;
    if (this.#emitting !== undefined) {
      // Emitted without awaiting the emit before: kept in order all the same.
      return this.#track(
        this.#emitting.then(() => this.#next(chunk)),
        performance.now(),
      );
    }
    const startedAt = performance.now();
    const busy = this.#next(chunk);
    if (busy !== undefined) return this.#track(busy, startedAt);
    this.#downstreamMs += performance.now() - startedAt;
  }

  #track(busy: Promise<void>, startedAt: number): Promise<void> {
    const emitting = busy.finally(() => {
      this.#downstreamMs += performance.now() - startedAt;
      if (this.#emitting === emitting) this.#emitting = undefined;
    });
    emitting.catch(ignore);
    this.#emitting = emitting;
    return emitting;
  }

  #timed(run: () => Promise<void> | void): Promise<void> | void {
    const startedAt = performance.now();
    try {
      const busy = run();
      if (busy === undefined && this.#emitting === undefined) {
        this.#totalMs += performance.now() - startedAt;
        return;
      }
      return this.#settle(busy, startedAt);
    } catch (error) {
      throw asFailure('TRANSFORM_FAILED', `transform ${this.#transform.name}`, error);
    }
  }

  async #settle(busy: Promise<void> | void, startedAt: number): Promise<void> {
    try {
      await busy;
      await this.#emitting;
    } catch (error) {
      throw asFailure('TRANSFORM_FAILED', `transform ${this.#transform.name}`, error);
    } finally {
      this.#totalMs += performance.now() - startedAt;
    }
  }
}
