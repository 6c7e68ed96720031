import type { FileHandle } from 'node:fs/promises';

import { StreamIngestionError, type PullSource } from '../../contracts/index.js';
import type { ByteSpan } from '../../store-kit/index.js';
import { identityOf, isSameFile, type FileIdentity } from './file-identity.js';
import { asFsFailure } from './fs-failure.js';

export interface FileReadingParts {
  readonly handle: FileHandle;
  /** Of the file when it was opened. */
  readonly identity: FileIdentity;
  readonly span: ByteSpan;
  readonly key: string;
  /** Called once, when the reading needs the handle no longer. */
  readonly release: () => Promise<void>;
}

/**
 * Reads one span at positions of its own, so that readings of one handle do not disturb each other.
 *
 * Before its last bytes it looks whether the file is still as it was: another program may have written into it, and a
 * reading that mixes two versions fails (SOURCE_FAILED), as does one of a file that has become shorter.
 */
export class FileReading implements PullSource {
  readonly #parts: FileReadingParts;
  #position: number;

  constructor(parts: FileReadingParts) {
    this.#parts = parts;
    this.#position = parts.span.start;
  }

  async pull(buffer: Uint8Array): Promise<number> {
    const { handle, span, key } = this.#parts;
    const wantedBytes = Math.min(buffer.byteLength, span.end - this.#position);
    if (wantedBytes === 0) return 0;
    try {
      const { bytesRead } = await handle.read(buffer, 0, wantedBytes, this.#position);
      if (bytesRead === 0) throw this.#changed('the file has become shorter');
      this.#position += bytesRead;
      if (this.#position === span.end) await this.#requireSameFile();
      return bytesRead;
    } catch (error) {
      throw asFsFailure(error, 'fs.read', key);
    }
  }

  close(): Promise<void> {
    return this.#parts.release();
  }

  async #requireSameFile(): Promise<void> {
    const now = identityOf(await this.#parts.handle.stat({ bigint: true }));
    if (!isSameFile(now, this.#parts.identity)) throw this.#changed('the file was changed while it was read');
  }

  #changed(message: string): StreamIngestionError {
    return new StreamIngestionError('SOURCE_FAILED', message, {
      operation: 'fs.read',
      context: { key: this.#parts.key },
    });
  }
}
