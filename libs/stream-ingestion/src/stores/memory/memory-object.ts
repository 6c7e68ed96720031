import type { ObjectInfo } from '../../contracts/index.js';

/** One version of an object. Never changes: whoever reads it keeps it, also when it was replaced or deleted. */
export interface MemoryObject {
  readonly info: ObjectInfo;
  readonly chunks: readonly Uint8Array[];
}
