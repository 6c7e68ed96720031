import { StreamIngestionError } from '../../contracts/index.js';

/** What the tokenizer found next. Bytes are views, into the chunk that was fed or into the tokenizer's own memory. */
export type MultipartToken =
  /** Everything that was fed is used up. */
  | { readonly kind: 'more' }
  /** A part begins, and the one before it has ended. `block`: its header lines; valid until the next call. */
  | { readonly kind: 'header'; readonly block: Buffer }
  /** Bytes of the part's content. */
  | { readonly kind: 'content'; readonly bytes: Buffer };

type State = 'preamble' | 'header' | 'content' | 'epilogue';

const MORE: MultipartToken = { kind: 'more' };
const EMPTY = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\r\n\r\n');
const CARRIAGE_RETURN = 13;
const DASH = 45;
/** Small, since what lies behind the blank line was copied in vain. */
const HEADER_STEP_BYTES = 1024;

/**
 * Cuts a multipart body (RFC 2046, 5.1.1) into header blocks and content, whatever the chunks it comes in.
 *
 * Content is handed on without a copy. Between two chunks nothing is kept but how many bytes of a delimiter matched:
 * its one CR is its first byte, so that a broken-off match never hides the beginning of another.
 *
 * Stricter than RFC 2046 where leniency loses data: a part ends only once the next header block, or the closing
 * boundary, was seen; a boundary is followed by white space and CRLF, or by `--`.
 */
export class MultipartTokenizer {
  readonly #delimiter: Buffer;
  readonly #maxHeaderBytes: number;
  readonly #header: Buffer;
  #headerLength = 0;
  #chunk: Buffer = EMPTY;
  #at = 0;
  #state: State = 'preamble';
  // The first boundary has no CRLF before it: it is taken as seen, and not counted as discarded.
  #matched = 2;
  #discarded = -2;

  /** @param maxHeaderBytes also bounds preamble and epilogue, which nobody needs. */
  constructor(boundary: string, maxHeaderBytes: number) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#maxHeaderBytes = maxHeaderBytes;
    this.#header = Buffer.allocUnsafeSlow(maxHeaderBytes + BLANK_LINE.length);
  }

  /** Takes the next bytes of the body. Only after `next` has asked for more. */
  feed(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** @throws MALFORMED_INPUT, LIMIT_EXCEEDED. */
  next(): MultipartToken {
    for (;;) {
      if (this.#at === this.#chunk.length) return this.#more();
      switch (this.#state) {
        case 'preamble': {
          const bytes = this.#scan();
          if (bytes !== undefined) this.#discard(bytes.length, 'before its first boundary');
          break;
        }
        case 'content': {
          const bytes = this.#scan();
          if (bytes !== undefined) return { kind: 'content', bytes };
          break;
        }
        case 'header': {
          const block = this.#gatherHeader();
          if (block !== undefined) return { kind: 'header', block };
          break;
        }
        case 'epilogue':
          this.#discard(this.#chunk.length - this.#at, 'after its closing boundary');
          this.#at = this.#chunk.length;
      }
    }
  }

  /**
   * The body has ended.
   *
   * @throws MALFORMED_INPUT where it ended before its closing boundary.
   */
  finish(): void {
    if (this.#state === 'epilogue') return;
    throw malformed(
      this.#state === 'preamble'
        ? 'the multipart body does not contain its boundary'
        : 'the multipart body ended before its closing boundary',
    );
  }

  #more(): MultipartToken {
    this.#chunk = EMPTY;
    this.#at = 0;
    return MORE;
  }

  /** Content up to the next delimiter; undefined where there was none, because of the delimiter or the chunk's end. */
  #scan(): Buffer | undefined {
    if (this.#matched > 0) return this.#resumeMatch();
    const chunk = this.#chunk;
    const start = this.#at;
    const found = chunk.indexOf(this.#delimiter, start);
    if (found === start) {
      this.#at += this.#delimiter.length;
      this.#enterHeader();
      return undefined;
    }
    if (found !== -1) {
      this.#at = found;
      return chunk.subarray(start, found);
    }
    const end = this.#startOfPartialMatch();
    this.#matched = chunk.length - end;
    this.#at = chunk.length;
    return end === start ? undefined : chunk.subarray(start, end);
  }

  #startOfPartialMatch(): number {
    const chunk = this.#chunk;
    const from = Math.max(this.#at, chunk.length - this.#delimiter.length + 1);
    const candidate = chunk.subarray(from).lastIndexOf(CARRIAGE_RETURN);
    if (candidate === -1) return chunk.length;
    const start = from + candidate;
    return this.#delimiter.compare(chunk, start, chunk.length, 0, chunk.length - start) === 0 ? start : chunk.length;
  }

  #resumeMatch(): Buffer | undefined {
    const matched = this.#matched;
    const length = Math.min(this.#delimiter.length - matched, this.#chunk.length - this.#at);
    if (this.#delimiter.compare(this.#chunk, this.#at, this.#at + length, matched, matched + length) !== 0) {
      this.#matched = 0;
      return Buffer.from(this.#delimiter.subarray(0, matched));
    }
    this.#at += length;
    this.#matched += length;
    if (this.#matched === this.#delimiter.length) this.#enterHeader();
    return undefined;
  }

  #enterHeader(): void {
    this.#matched = 0;
    this.#headerLength = 0;
    this.#state = 'header';
  }

  /** Gathers what follows a boundary, up to a blank line or the `--` that closes the body. */
  #gatherHeader(): Buffer | undefined {
    const header = this.#header;
    const before = this.#headerLength;
    const room = Math.min(header.length - before, HEADER_STEP_BYTES);
    const copied = this.#chunk.copy(header, before, this.#at, this.#at + room);
    const length = before + copied;
    this.#at += copied;
    this.#headerLength = length;
    if (length >= 2 && header[0] === DASH && header[1] === DASH) {
      this.#at -= length - 2;
      this.#state = 'epilogue';
      this.#discarded = 0;
      return undefined;
    }
    const blank = header.subarray(0, length).indexOf(BLANK_LINE, Math.max(0, before - BLANK_LINE.length + 1));
    if (blank !== -1) {
      this.#at -= length - blank - BLANK_LINE.length;
      this.#state = 'content';
      return header.subarray(0, blank);
    }
    if (length === header.length) {
      throw new StreamIngestionError(
        'LIMIT_EXCEEDED',
        `the header lines of a part are longer than ${this.#maxHeaderBytes} bytes`,
        { operation: 'multipart.parse', context: { limit: 'maxHeaderBytes', maxHeaderBytes: this.#maxHeaderBytes } },
      );
    }
    return undefined;
  }

  #discard(bytes: number, where: string): void {
    this.#discarded += bytes;
    if (this.#discarded > this.#maxHeaderBytes) {
      throw malformed(`the multipart body has more than ${this.#maxHeaderBytes} bytes ${where}`);
    }
  }
}

function malformed(message: string): StreamIngestionError {
  return new StreamIngestionError('MALFORMED_INPUT', message, { operation: 'multipart.parse' });
}
