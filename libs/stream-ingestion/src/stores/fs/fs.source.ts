import {
  StreamIngestionError,
  type ByteRange,
  type DeliverySource,
  type ObjectInfo,
  type PullSource,
} from '../../contracts/index.js';
import { spanOf, throwIfAborted } from '../../store-kit/index.js';
import { FileReading } from './file-reading.js';
import type { OpenedObject } from './object-lookup.js';

/**
 * One version of one object, by a descriptor that is opened once and closed when the source and its last reading are.
 * Replacing or deleting the object meanwhile changes nothing here.
 */
export class FsSource implements DeliverySource {
  readonly #opened: OpenedObject;
  #users = 1;
  #closed = false;

  constructor(opened: OpenedObject) {
    this.#opened = opened;
  }

  // Async, so that what they throw is a rejection.
  async stat(): Promise<ObjectInfo> {
    this.#requireOpen('fs.stat');
    return Promise.resolve(this.#opened.info);
  }

  async read(range: ByteRange | undefined, signal?: AbortSignal): Promise<PullSource> {
    throwIfAborted(signal, 'fs.read');
    this.#requireOpen('fs.read');
    const { handle, identity, info } = this.#opened;
    const span = spanOf(range, info.size);
    this.#users += 1;
    const release = (): Promise<void> => this.#release();
    return Promise.resolve(new FileReading({ handle, identity, span, key: info.key, release }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#release();
  }

  async #release(): Promise<void> {
    this.#users -= 1;
    if (this.#users === 0) await this.#opened.handle.close();
  }

  #requireOpen(operation: string): void {
    if (!this.#closed) return;
    throw new StreamIngestionError('SOURCE_CLOSED', 'the source was closed', { operation, retry: 'never' });
  }
}
