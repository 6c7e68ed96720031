import type { Duplex, Transform as NodeTransform } from 'node:stream';

import { StreamIngestionError, type ByteTransform, type Emit, type Transform } from '../contracts/index.js';

export interface NodeTransformContext {
  /** True for memory that the engine fills again: a Node stream may keep a chunk longer than its write lasts. */
  readonly isReused: (chunk: Uint8Array) => boolean;
}

/** The transform itself, or an adapter around a plain Node.js Transform. */
export function byteTransformOf(transform: Transform, context: NodeTransformContext): ByteTransform {
  if (typeof (transform as Partial<NodeTransform>).pipe === 'function') {
    return new NodeTransformAdapter(transform as NodeTransform, context);
  }
  return transform as ByteTransform;
}

/**
 * Drives a Node.js Transform: a write is done when its callback says so and everything it gave meanwhile was taken.
 */
class NodeTransformAdapter implements ByteTransform {
  readonly name: string;
  readonly #stream: Duplex;
  readonly #context: NodeTransformContext;
  #emit: Emit | undefined;
  #emitting: Promise<void> | undefined;
  #error: Error | undefined;
  #onSettled: ((error?: Error) => void) | undefined;

  constructor(stream: NodeTransform, context: NodeTransformContext) {
    this.name = stream.constructor.name;
    this.#stream = stream;
    this.#context = context;
    stream.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    stream.on('error', (error) => this.#fail(error));
    stream.on('close', () => {
      if (!stream.readableEnded) this.#fail(new Error('the stream closed before its end'));
    });
  }

  async transform(chunk: Uint8Array, emit: Emit): Promise<void> {
    this.#emit = emit;
    const lasting = this.#context.isReused(chunk) ? Buffer.from(chunk) : chunk;
    await this.#until((done) => this.#stream.write(lasting, (error) => done(error ?? undefined)));
  }

  async flush(emit: Emit): Promise<void> {
    this.#emit = emit;
    await this.#until((done) => {
      this.#stream.once('end', () => done());
      this.#stream.end();
    });
  }

  destroy(reason?: unknown): void {
    this.#fail(reason instanceof Error ? reason : new Error('the transfer ended'));
    this.#stream.destroy();
  }

  #onData(chunk: Uint8Array): void {
    const busy = this.#emit?.(chunk);
    if (busy === undefined) return;
    this.#stream.pause();
    const emitting = busy.then(
      () => {
        if (this.#emitting === emitting) this.#emitting = undefined;
        this.#stream.resume();
      },
      (error: Error) => this.#fail(error),
    );
    this.#emitting = emitting;
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#onSettled?.(this.#error);
  }

  async #until(start: (done: (error?: Error) => void) => void): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    await new Promise<void>((resolve, reject) => {
      this.#onSettled = (error) => (error === undefined ? resolve() : reject(error));
      start(this.#onSettled);
    });
    this.#onSettled = undefined;
    await this.#emitting;
    if (this.#error !== undefined) throw this.#error;
  }
}

/** @throws INVALID_OPTION for an object-mode Transform. */
export function assertByteMode(transform: Transform): void {
  const stream = transform as Partial<NodeTransform>;
  if (stream.readableObjectMode === true || stream.writableObjectMode === true) {
    throw new StreamIngestionError('INVALID_OPTION', 'a transform of a byte stream must not be in object mode', {
      operation: 'transform.open',
    });
  }
}
