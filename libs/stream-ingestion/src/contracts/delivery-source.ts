import type { ByteRange } from './byte-range.js';
import type { ByteSource } from './byte-source.js';
import type { ObjectInfo } from './object-info.js';

/**
 * The readable end of a delivery: one version of one object. What `stat` said stays true for every `read`, or the
 * read fails; a source never mixes two versions.
 */
export interface DeliverySource {
  stat(signal?: AbortSignal): Promise<ObjectInfo>;

  /**
   * Opens the bytes for one reading, the whole or one range. Errors that can be known before the first byte are
   * thrown here. May be called several times, also for overlapping ranges.
   *
   * @throws RANGE_NOT_SATISFIABLE where `range` does not lie within the object.
   */
  read(range: ByteRange | undefined, signal?: AbortSignal): Promise<ByteSource>;

  /** Frees what the source holds. Idempotent. Readings that are under way go on. */
  close(): Promise<void>;
}
