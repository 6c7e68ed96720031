import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

import type { ByteRange, ByteSource, DeliverySource, ObjectInfo } from '../../../contracts/index.js';
import { cut } from '../../spec-support/drive-transform.js';

export type SourceKind = 'pull' | 'readable' | 'web' | 'async iterable' | 'iterable';

export const SOURCE_KINDS: readonly SourceKind[] = ['pull', 'readable', 'web', 'async iterable', 'iterable'];

/** An object in memory that gives its bytes in any of the ways there are, and notes what was asked of it. */
export class BytesSource implements DeliverySource {
  readonly ranges: (readonly [number, number])[] = [];
  openReadings = 0;
  closed = 0;
  bytes: Buffer;
  readonly #kind: SourceKind;
  readonly #chunkBytes: number;

  constructor(bytes: Buffer, kind: SourceKind = 'pull', chunkBytes = 1_000) {
    this.bytes = bytes;
    this.#kind = kind;
    this.#chunkBytes = chunkBytes;
  }

  async stat(): Promise<ObjectInfo> {
    return Promise.resolve({
      key: 'secret/plan.txt',
      size: this.bytes.byteLength,
      etag: 'etag-of-ciphertext',
      lastModified: new Date(0),
      digests: { crc32: '00000000' },
      contentType: 'text/plain',
      metadata: { owner: 'a' },
    });
  }

  async read(range: ByteRange | undefined): Promise<ByteSource> {
    const { start, end } = range ?? { start: 0, end: this.bytes.byteLength - 1 };
    this.ranges.push([start, end]);
    return Promise.resolve(this.give(this.bytes.subarray(start, end + 1)));
  }

  async close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }

  protected give(bytes: Buffer): ByteSource {
    this.openReadings += 1;
    const chunks = cut(bytes, [this.#chunkBytes]);
    const done = (): void => {
      this.openReadings -= 1;
    };
    switch (this.#kind) {
      case 'pull':
        return pullFrom(bytes, this.#chunkBytes, done);
      case 'readable':
        return Readable.from(chunks, { objectMode: false }).once('close', done);
      case 'web': {
        const all = chunks.values();
        return new ReadableStream<Uint8Array>({
          pull: (controller) => {
            const { done: ended, value } = all.next();
            if (!ended) return controller.enqueue(value);
            controller.close();
            done();
          },
          cancel: done,
        });
      }
      case 'async iterable':
        return (async function* () {
          try {
            for (const chunk of chunks) yield await Promise.resolve(chunk);
          } finally {
            done();
          }
        })();
      case 'iterable':
        return (function* () {
          try {
            yield* chunks;
          } finally {
            done();
          }
        })();
    }
  }
}

function pullFrom(bytes: Buffer, chunkBytes: number, close: () => void): ByteSource {
  let offset = 0;
  return {
    pull: (buffer) => {
      const copied = bytes.copy(buffer, 0, offset, offset + chunkBytes);
      offset += copied;
      return copied;
    },
    close,
  };
}
