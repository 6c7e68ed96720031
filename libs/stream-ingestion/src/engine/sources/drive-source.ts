import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { StreamIngestionError, type ByteSource, type PullSource } from '../../contracts/index.js';
import { IterableDriver } from './iterable.driver.js';
import { PullDriver, type PullDriverParts } from './pull.driver.js';
import { ReadableDriver } from './readable.driver.js';
import type { SourceDriver } from './source-driver.js';
import { WebStreamDriver } from './web-stream.driver.js';

/** @throws INVALID_OPTION for a value that is no byte source. */
export function driverOf(source: ByteSource, pull: PullDriverParts, keepOnFailure: boolean): SourceDriver {
  if (isPullSource(source)) return new PullDriver(source, pull);
  if (isReadable(source)) return new ReadableDriver(source, keepOnFailure);
  if (isWebStream(source)) return new WebStreamDriver(source);
  if (isIterable(source)) return new IterableDriver(source);
  throw new StreamIngestionError(
    'INVALID_OPTION',
    'source must be a Node.js Readable, a web ReadableStream, an (async) iterable of Uint8Array or a pull source',
    { operation: 'source.open' },
  );
}

function isPullSource(source: unknown): source is PullSource {
  return typeof (source as Partial<PullSource> | undefined)?.pull === 'function';
}

// By shape: Readables of other copies of the stream library count too.
function isReadable(source: unknown): source is Readable {
  const candidate = source as Partial<Readable> | undefined;
  return typeof candidate?.on === 'function' && typeof candidate.pause === 'function';
}

function isIterable(source: unknown): source is AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source !== 'object' || source === null || source instanceof Uint8Array) return false;
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}

function isWebStream(source: unknown): source is ReadableStream<Uint8Array> {
  return typeof (source as Partial<ReadableStream> | undefined)?.getReader === 'function';
}
