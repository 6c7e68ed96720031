import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import type { ByteSource, PullSource } from '../../contracts/index.js';

const ignore = (): void => undefined;

type Step = IteratorResult<Uint8Array, unknown> | { readonly done: boolean; readonly value?: Uint8Array };

/** Any push source, as one thing: the next chunk, and an end that works while a chunk is awaited. */
export interface ByteCursor {
  next(): Promise<Step> | Step;
  /** Also ends a `next` that is pending, where the source can. */
  stop(): Promise<unknown> | void;
}

export function cursorOf(source: Exclude<ByteSource, PullSource>): ByteCursor {
  if (isReadable(source)) {
    // The iterator listens from its first step on; what fails before that is thrown by that step.
    source.on('error', ignore);
    const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    return { next: () => iterator.next(), stop: () => void source.destroy() };
  }
  if (isWebStream(source)) {
    const reader = source.getReader();
    return { next: () => reader.read(), stop: () => reader.cancel() };
  }
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return { next: () => iterator.next(), stop: () => Promise.resolve(iterator.return?.()) };
}

export function isPullSource(source: ByteSource): source is PullSource {
  return typeof (source as Partial<PullSource>).pull === 'function';
}

// By shape: Readables of other copies of the stream library count too.
function isReadable(source: ByteSource): source is Readable {
  const candidate = source as Partial<Readable>;
  return typeof candidate.on === 'function' && typeof candidate.pause === 'function';
}

function isWebStream(source: ByteSource): source is ReadableStream<Uint8Array> {
  return typeof (source as Partial<ReadableStream>).getReader === 'function';
}
