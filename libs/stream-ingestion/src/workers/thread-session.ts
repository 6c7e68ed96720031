import { TransformChain } from '../engine/index.js';
import { describeError } from './error-description.js';
import { loadTransform } from './load-transform.js';
import type { FromThread, SessionEnd, ToThread } from './messages.js';
import { OutputGatherer } from './output-gatherer.js';

export type SendFromThread = (message: FromThread, transfer: readonly ArrayBuffer[]) => void;

interface Input {
  readonly slab: ArrayBuffer;
  readonly bytes: number;
}

/** One transfer's transforms on the thread's side. */
export class ThreadSession {
  readonly #open: Extract<ToThread, { readonly type: 'open' }>;
  readonly #send: SendFromThread;
  readonly #output: OutputGatherer;
  readonly #controller = new AbortController();
  readonly #lent = new Map<Uint8Array, () => void>();
  readonly #inputs: Input[] = [];
  #ended = false;
  #chain: TransformChain | undefined;
  #wake: (() => void) | undefined;

  constructor(open: Extract<ToThread, { readonly type: 'open' }>, send: SendFromThread) {
    const { session, slabs, slabBytes } = open;
    this.#open = open;
    this.#send = send;
    this.#output = new OutputGatherer({
      slabs,
      slabBytes,
      send: (slab, bytes) => send({ type: 'output', session, slab, bytes }, [slab]),
    });
  }

  input(slab: ArrayBuffer, bytes: number): void {
    this.#inputs.push({ slab, bytes });
    this.#wake?.();
  }

  refill(slab: ArrayBuffer): void {
    this.#output.refill(slab);
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  abort(): void {
    const reason = new Error('the transfer was aborted');
    this.#controller.abort(reason);
    this.#destroyChain(reason);
    this.#output.stop(reason);
    this.#wake?.();
  }

  /** Transforms until the end of the input, a failure or an abort, and says which. Never rejects. */
  async run(): Promise<void> {
    const end = await this.#transformAll().catch((error: unknown) => this.#failed(error));
    const slabs = [...this.#output.takeSlabs(), ...this.#inputs.splice(0).map(({ slab }) => slab)];
    this.#send({ type: 'closed', session: this.#open.session, slabs, end }, slabs);
  }

  async #transformAll(): Promise<SessionEnd> {
    const chain = await this.#openChain();
    for (;;) {
      this.#controller.signal.throwIfAborted();
      const input = this.#inputs.shift();
      if (input !== undefined) await this.#transform(chain, input);
      else if (this.#ended) break;
      else await this.#untilMore();
    }
    await chain.flush();
    this.#controller.signal.throwIfAborted();
    this.#output.ship();
    const reports = chain.reports();
    this.#destroyChain(undefined);
    return { outcome: 'finished', reports };
  }

  async #openChain(): Promise<TransformChain> {
    const { signal } = this.#controller;
    const transforms = await Promise.all(this.#open.declarations.map(loadTransform));
    const chain = new TransformChain(transforms, this.#output.push, {
      signal,
      meter: { bytesTransformed: 0 },
      // Each slab goes back when its call has settled.
      isReused: () => true,
      borrow: (chunk, giveBack) => void this.#lent.set(chunk, giveBack),
      release: (chunk) => this.#giveBack(chunk),
    });
    this.#chain = chain;
    return chain;
  }

  async #transform(chain: TransformChain, { slab, bytes }: Input): Promise<void> {
    await chain.push(new Uint8Array(slab, 0, bytes));
    this.#send({ type: 'taken', session: this.#open.session, slab }, [slab]);
    // A turn of the event loop, so that other sessions of this thread get theirs and an abort is seen.
    await new Promise(setImmediate);
  }

  async #untilMore(): Promise<void> {
    this.#output.ship();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  /** The output has copied it by then. */
  #giveBack(chunk: Uint8Array): void {
    const giveBack = this.#lent.get(chunk);
    this.#lent.delete(chunk);
    giveBack?.();
  }

  /** Once: what comes later finds no chain. */
  #destroyChain(reason: unknown): void {
    this.#chain?.destroy(reason);
    this.#chain = undefined;
  }

  #failed(error: unknown): SessionEnd {
    this.#destroyChain(error);
    if (this.#controller.signal.aborted) return { outcome: 'aborted' };
    return { outcome: 'failed', error: describeError(error) };
  }
}
