import { StreamIngestionError } from '../../contracts/index.js';

/** Bytes that a running transfer has announced and not written yet. */
export interface SpaceReservation {
  written(bytes: number): void;
  release(): void;
}

/**
 * Keeps several transfers that were announced from filling a disk together, so that some of them complete where all
 * would fail. What other programs write is not known in advance.
 */
export class SpaceReservations {
  #reservedBytes = 0;

  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  /** @throws NO_SPACE where the bytes do not fit into what is free and not reserved. */
  reserve(expectedBytes: number, freeBytes: number): SpaceReservation {
    const availableBytes = freeBytes - this.#reservedBytes;
    if (expectedBytes > availableBytes) {
      throw new StreamIngestionError('NO_SPACE', 'the file system has no room for that many bytes', {
        operation: 'fs.createSink',
        context: { expectedBytes, availableBytes: Math.max(0, availableBytes) },
      });
    }
    let remaining = expectedBytes;
    this.#reservedBytes += remaining;
    const giveBack = (bytes: number): void => {
      remaining -= bytes;
      this.#reservedBytes -= bytes;
    };
    return {
      written: (bytes) => giveBack(Math.min(bytes, remaining)),
      release: () => giveBack(remaining),
    };
  }
}
