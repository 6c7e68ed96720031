import type { KeyObject } from 'node:crypto';

/** 32 bytes, from a good source of randomness: `randomBytes(32)`, a KMS. A secret `KeyObject` never shows in a log. */
export type MasterKey = Uint8Array | KeyObject;

export interface EncryptionKey {
  /** 1 to 255 visible ASCII characters. It stands in the clear at the start of every object. */
  readonly id: string;
  readonly key: MasterKey;
}

/**
 * Where master keys come from. Both methods may be called concurrently, are called once for an object, and may be
 * answered from a cache. What they throw fails the transfer (TRANSFORM_FAILED, or SOURCE_FAILED for a random-access
 * source) unless it is a StreamIngestionError, which is passed on as it is.
 */
export interface EncryptionKeyProvider {
  /** The key for new objects. Rotation: return another one, of another id, from now on. */
  getCurrentKey(signal?: AbortSignal): Promise<EncryptionKey> | EncryptionKey;

  /**
   * The key of an object that was encrypted earlier. `id` was read from the object and is **not authenticated yet**:
   * look it up, do not build a path or a query from it.
   *
   * @returns undefined where there is no such key.
   */
  getKey(id: string, signal?: AbortSignal): Promise<MasterKey | undefined> | MasterKey | undefined;
}
