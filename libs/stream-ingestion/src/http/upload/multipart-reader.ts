import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';
import { BodyFeed } from './body-feed.js';
import { FieldCollector } from './field-collector.js';
import type { ResolvedMultipartOptions } from './multipart-options.js';
import type { MultipartFile, MultipartPart } from './multipart-part.js';
import { MultipartTokenizer } from './multipart-tokenizer.js';
import { PartCounter } from './part-counter.js';
import { parsePartHeader, type PartHeader } from './part-header.js';
import { PartSource } from './part-source.js';

interface Waiter {
  resolve(part: MultipartPart | undefined): void;
  reject(error: Error): void;
}

/** The part whose content is being read. */
type OpenPart =
  | { readonly source: PartSource }
  | { readonly source: undefined; readonly header: PartHeader; readonly value: FieldCollector };

/**
 * Reads the parts of a form one after the other, and no byte that nobody has asked for: the request is paused unless
 * somebody awaits a part, or the consumer of the current file has room.
 */
export class MultipartReader {
  readonly #options: ResolvedMultipartOptions;
  readonly #tokenizer: MultipartTokenizer;
  readonly #counter: PartCounter;
  readonly #feed: BodyFeed;
  readonly #chunks: Buffer[] = [];
  #state: 'unread' | 'reading' | 'finished' = 'unread';
  #bodyEnded = false;
  #pumping = false;
  #failure: Error | undefined;
  #open: OpenPart | undefined;
  #upcoming: PartHeader | undefined;
  #lastSource: PartSource | undefined;
  #waiter: Waiter | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(request: IncomingMessage, boundary: string, options: ResolvedMultipartOptions) {
    this.#options = options;
    this.#tokenizer = new MultipartTokenizer(boundary, options.maxHeaderBytes);
    this.#counter = new PartCounter(options);
    this.#feed = new BodyFeed(request, this, options.signal);
  }

  /** The next part; undefined after the last. Never two calls at a time. */
  async next(): Promise<MultipartPart | undefined> {
    if (this.#state === 'unread') {
      this.#state = 'reading';
      this.#feed.open();
    }
    await this.#lastSourceClosed();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === 'finished') return undefined;
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#pump();
      if (this.#waiter !== undefined) this.#watchIdle();
    });
  }

  /** Stops reading, wherever it is; a file that is not read to its end fails. Idempotent. */
  stop(): void {
    this.failed(
      new StreamIngestionError('ABORTED', 'the reading of the form was ended', { operation: 'multipart.read' }),
    );
  }

  chunk(bytes: Buffer): void {
    this.#idleTimer?.refresh();
    this.#chunks.push(bytes);
    this.#pump();
  }

  end(): void {
    this.#bodyEnded = true;
    this.#pump();
  }

  failed(error: Error): void {
    if (this.#failure !== undefined || this.#state === 'finished') return;
    this.#failure = error;
    this.#feed.close();
    this.#open?.source?.destroy(error);
    this.#settleWaiter((waiter) => waiter.reject(error));
  }

  async #lastSourceClosed(): Promise<void> {
    const source = this.#lastSource;
    if (source === undefined || source.closed) return;
    if (source.untouched) {
      source.destroy(
        new StreamIngestionError(
          'INVALID_OPTION',
          'the next part was asked for before this file was read: read a file to its end, or destroy it, first',
          { operation: 'multipart.read' },
        ),
      );
    }
    // Not events.once, which rejects where the source fails.
    await new Promise<void>((resolve) => source.once('close', resolve));
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#isWanted() && this.#step());
    } catch (error) {
      this.failed(error as Error);
    } finally {
      this.#pumping = false;
    }
    if (this.#isWanted()) this.#feed.resume();
    else this.#feed.pause();
  }

  #isWanted(): boolean {
    if (this.#failure !== undefined || this.#state === 'finished') return false;
    const source = this.#open?.source;
    return source === undefined || source.destroyed ? this.#waiter !== undefined : source.wanting;
  }

  /** @returns false where nothing can be done until more of the body is there. */
  #step(): boolean {
    if (this.#upcoming !== undefined) {
      this.#begin(this.#upcoming);
      return true;
    }
    const token = this.#tokenizer.next();
    if (token.kind === 'content') {
      this.#take(token.bytes);
      return true;
    }
    if (token.kind === 'header') {
      const header = parsePartHeader(token.block);
      this.#counter.beginPart(header.isFile);
      this.#upcoming = header;
      this.#finishPart();
      return true;
    }
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#tokenizer.feed(chunk);
    else if (this.#bodyEnded) this.#finishBody();
    else return false;
    return true;
  }

  #begin(header: PartHeader): void {
    this.#upcoming = undefined;
    if (!header.isFile) {
      this.#open = { source: undefined, header, value: new FieldCollector(header.charset ?? 'utf-8') };
      return;
    }
    const source = new PartSource(() => this.#pump());
    this.#open = { source };
    this.#lastSource = source;
    this.#settleWaiter((waiter) => waiter.resolve(filePart(header, source)));
  }

  #take(bytes: Buffer): void {
    const part = this.#open;
    if (part === undefined) return;
    if (part.source === undefined) {
      this.#counter.addToField(bytes.length);
      part.value.append(bytes);
      return;
    }
    this.#counter.addToFile(bytes.length);
    if (!part.source.destroyed && !part.source.push(bytes)) part.source.wanting = false;
  }

  #finishPart(): void {
    const part = this.#open;
    this.#open = undefined;
    if (part === undefined) return;
    if (part.source !== undefined) {
      if (!part.source.destroyed) part.source.push(null);
      return;
    }
    const { name, headers } = part.header;
    const value = part.value.text();
    this.#settleWaiter((waiter) => waiter.resolve({ kind: 'field', name, value, headers }));
  }

  #finishBody(): void {
    this.#tokenizer.finish();
    this.#finishPart();
    this.#state = 'finished';
    this.#feed.close();
    this.#settleWaiter((waiter) => waiter.resolve(undefined));
  }

  #settleWaiter(settle: (waiter: Waiter) => void): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
    if (waiter !== undefined) settle(waiter);
  }

  #watchIdle(): void {
    const { idleTimeoutMs } = this.#options;
    if (idleTimeoutMs === 0) return;
    this.#idleTimer = setTimeout(() => {
      this.failed(
        new StreamIngestionError('IDLE_TIMEOUT', `no byte of the form came for ${idleTimeoutMs} ms`, {
          operation: 'multipart.read',
          context: { idleTimeoutMs },
        }),
      );
    }, idleTimeoutMs);
    this.#idleTimer.unref();
  }
}

function filePart(header: PartHeader, source: PartSource): MultipartFile {
  const { name, headers, filename, contentType = 'application/octet-stream' } = header;
  return { kind: 'file', name, headers, contentType, source, ...(filename === undefined ? {} : { filename }) };
}
