import { StreamIngestionError, type TransformReport } from '../contracts/index.js';
import { errorOf } from './error-description.js';
import type { FromThread } from './messages.js';
import type { PoolThread, ThreadClient, ThreadEnd } from './pool-thread.js';
import type { ResolvedUnit } from './declaration.js';
import type { SlabPool } from './slab-pool.js';
import { threadEndedError } from './thread-ended-error.js';

export interface WorkerSessionParts {
  readonly session: number;
  readonly thread: PoolThread;
  readonly unit: ResolvedUnit;
  readonly slabs: SlabPool;
  /** Buffers under way in each direction at most, 1 or more. */
  readonly slabsEachWay: number;
  /** Called once, when the thread has nothing to do with the session any more. */
  readonly onClosed: (session: WorkerSession) => void;
}

/** A piece of output. `taken` gives the thread credit for another; `giveBack` ends the reading of its memory. */
export interface Output {
  readonly chunk: Uint8Array;
  readonly taken: () => void;
  readonly giveBack: () => void;
}

/** One transfer's transforms on this side: counts credit, so that never more than the window is under way. */
export class WorkerSession implements ThreadClient {
  readonly thread: PoolThread;
  readonly unit: ResolvedUnit;
  bytesIn = 0;
  bytesOut = 0;
  /** Most slabs that held bytes of this session, here or in the thread, in both directions. */
  peakSlabs = 0;
  /** When the thread last gave a sign, or was last given work after it had none. */
  lastSignAt = performance.now();
  failure: Error | undefined;
  reports: readonly TransformReport[] | undefined;
  closed = false;
  readonly #parts: WorkerSessionParts;
  readonly #outputs: { readonly slab: ArrayBuffer; readonly bytes: number }[] = [];
  #outputsHeld = 0;
  #inputsInThread = 0;
  #partial: ArrayBuffer | undefined;
  #partialBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(parts: WorkerSessionParts) {
    const { thread, unit, slabs, session, slabsEachWay } = parts;
    this.#parts = parts;
    this.thread = thread;
    this.unit = unit;
    const toFill = Array.from({ length: slabsEachWay }, () => slabs.acquire());
    thread.attach(session, this);
    thread.post(
      { type: 'open', session, declarations: unit.declarations, slabs: toFill, slabBytes: slabs.slabBytes },
      toFill,
    );
  }

  /** True while the thread has something to do and something to do it with. */
  get owesWork(): boolean {
    const hasWork = this.#inputsInThread > 0 || this.#ended;
    return !this.closed && hasWork && this.#outputsHeld < this.#parts.slabsEachWay;
  }

  /** Copies as much as there is credit for, and returns how many bytes that was. */
  put(chunk: Uint8Array): number {
    const { slabs, slabsEachWay } = this.#parts;
    let offset = 0;
    while (offset < chunk.byteLength && !this.closed) {
      if (this.#partial === undefined && this.#inputsInThread >= slabsEachWay) break;
      this.#partial ??= slabs.acquire();
      const bytes = Math.min(chunk.byteLength - offset, slabs.slabBytes - this.#partialBytes);
      new Uint8Array(this.#partial, this.#partialBytes, bytes).set(chunk.subarray(offset, offset + bytes));
      this.#partialBytes += bytes;
      offset += bytes;
      if (this.#partialBytes === slabs.slabBytes) this.#send();
    }
    // Small pieces are gathered only while the thread is busy anyway.
    if (this.#inputsInThread === 0) this.#send();
    this.#countSlabs();
    return offset;
  }

  /** No more input. */
  end(): void {
    this.#send();
    this.#expectSign();
    this.#ended = true;
    this.#post('end');
  }

  /** The next piece of output, where there is one. */
  takeOutput(): Output | undefined {
    const output = this.#outputs.shift();
    if (output === undefined) return undefined;
    const { slab, bytes } = output;
    return {
      chunk: new Uint8Array(slab, 0, bytes),
      taken: () => this.#refill(),
      giveBack: () => this.#parts.slabs.release(slab),
    };
  }

  /** Resolves when something came from the thread; at once where something is there already. */
  async changed(): Promise<void> {
    if (this.#outputs.length > 0 || this.closed || this.failure !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Fails the session and tells the thread, which answers when it has let go. */
  fail(error: Error): void {
    this.failure ??= error;
    this.#post('abort');
    this.#wake?.();
  }

  received(message: FromThread): void {
    this.lastSignAt = performance.now();
    if (message.type === 'taken') this.#onTaken(message.slab);
    else if (message.type === 'output') this.#onOutput(message.slab, message.bytes);
    else this.#onClosed(message);
    this.#wake?.();
  }

  threadEnded(end: ThreadEnd): void {
    this.failure ??= threadEndedError(this.unit, end);
    this.#close();
    this.#wake?.();
  }

  #onTaken(slab: ArrayBuffer): void {
    this.#parts.slabs.release(slab);
    this.#inputsInThread -= 1;
    if (this.#inputsInThread === 0) this.#send();
  }

  #onOutput(slab: ArrayBuffer, bytes: number): void {
    this.bytesOut += bytes;
    this.#outputsHeld += 1;
    this.#outputs.push({ slab, bytes });
    this.#countSlabs();
  }

  #onClosed({ slabs, end }: Extract<FromThread, { readonly type: 'closed' }>): void {
    for (const slab of slabs) this.#parts.slabs.release(slab);
    if (end.outcome === 'finished') this.reports = end.reports;
    else if (end.outcome === 'failed') this.failure ??= errorOf(end.error);
    else this.failure ??= new StreamIngestionError('ABORTED', 'the session was aborted', { operation: 'workers.run' });
    this.#close();
  }

  #close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.#partial !== undefined) this.#parts.slabs.release(this.#partial);
    this.#partial = undefined;
    this.thread.detach(this.#parts.session);
    this.#parts.onClosed(this);
  }

  #send(): void {
    if (this.#partial === undefined || this.closed) return;
    const [slab, bytes] = [this.#partial, this.#partialBytes];
    this.#partial = undefined;
    this.#partialBytes = 0;
    this.#expectSign();
    this.#inputsInThread += 1;
    this.bytesIn += bytes;
    this.thread.post({ type: 'input', session: this.#parts.session, slab, bytes }, [slab]);
  }

  #refill(): void {
    this.#expectSign();
    this.#outputsHeld -= 1;
    if (this.closed) return;
    const slab = this.#parts.slabs.acquire();
    this.thread.post({ type: 'refill', session: this.#parts.session, slab }, [slab]);
  }

  #post(type: 'end' | 'abort'): void {
    if (!this.closed) this.thread.post({ type, session: this.#parts.session });
  }

  /** Called before more work is handed over: silence counts from here where it was its right until now. */
  #expectSign(): void {
    if (!this.owesWork) this.lastSignAt = performance.now();
  }

  #countSlabs(): void {
    const slabs = this.#inputsInThread + this.#outputsHeld + (this.#partial === undefined ? 0 : 1);
    if (slabs > this.peakSlabs) this.peakSlabs = slabs;
  }
}
