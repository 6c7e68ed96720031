import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import type { PullSource } from './pull-source.js';

/**
 * Where bytes come from. The engine takes the source over: it reads it to the end, or destroys, cancels, returns or
 * closes it.
 *
 * Chunks of the three push kinds belong to whoever made them; the engine only reads them, and the maker must not
 * change a chunk once it was handed over. A Readable must be in byte mode, without an encoding.
 */
export type ByteSource =
  Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Iterable<Uint8Array> | PullSource;
