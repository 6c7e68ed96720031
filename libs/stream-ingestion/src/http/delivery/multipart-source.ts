import { StreamIngestionError, type ByteRange, type ByteSource, type PullSource } from '../../contracts/index.js';
import type { MultipartBody } from './delivery-plan.js';
import { readerOf } from './part-reader.js';

type OpenRange = (range: ByteRange, signal: AbortSignal) => Promise<ByteSource>;

/**
 * A multipart/byteranges body as one source: the head of each part, its range, and the tail. One reading is open at a
 * time. One that gives fewer bytes than its range fails with LENGTH_MISMATCH, since what comes after it would stand in
 * the wrong place; one that could give more is not asked.
 */
export class MultipartSource implements PullSource {
  readonly #openRange: OpenRange;
  /** What is still to be sent: text, or a range of the object. */
  readonly #segments: (Buffer | ByteRange)[];
  #reader: PullSource | undefined;

  private constructor({ parts, tail }: MultipartBody, openRange: OpenRange) {
    this.#openRange = openRange;
    this.#segments = [
      ...parts.flatMap(({ head, range }) => [Buffer.from(head, 'latin1'), range]),
      Buffer.from(tail, 'latin1'),
    ];
  }

  /** Opens the first range, so that what fails early fails before anything is sent. */
  static async open(body: MultipartBody, openRange: OpenRange, signal: AbortSignal): Promise<MultipartSource> {
    const source = new MultipartSource(body, openRange);
    const [first] = body.parts;
    if (first !== undefined) source.#reader = readerOf(await openRange(first.range, signal));
    return source;
  }

  async pull(buffer: Uint8Array, signal: AbortSignal): Promise<number> {
    let filled = 0;
    while (filled < buffer.byteLength) {
      const [segment] = this.#segments;
      const room = buffer.subarray(filled);
      if (segment === undefined) break;
      if (!Buffer.isBuffer(segment)) return filled + (await this.#readRange(segment, room, signal));
      filled += this.#copyText(segment, room);
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  #copyText(text: Buffer, room: Uint8Array): number {
    const bytes = text.copy(room);
    if (bytes < text.byteLength) this.#segments[0] = text.subarray(bytes);
    else this.#segments.shift();
    return bytes;
  }

  async #readRange({ start, end }: ByteRange, room: Uint8Array, signal: AbortSignal): Promise<number> {
    this.#reader ??= readerOf(await this.#openRange({ start, end }, signal));
    const bytes = await this.#reader.pull(room.subarray(0, end - start + 1), signal);
    if (bytes === 0) throw tooShort(end - start + 1);
    this.#segments[0] = { start: start + bytes, end };
    if (start + bytes > end) await this.#endRange();
    return bytes;
  }

  async #endRange(): Promise<void> {
    this.#segments.shift();
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.close();
  }
}

function tooShort(missing: number): StreamIngestionError {
  return new StreamIngestionError('LENGTH_MISMATCH', `a range ended ${missing} bytes before its end`, {
    operation: 'delivery.read',
    context: { missing },
  });
}
