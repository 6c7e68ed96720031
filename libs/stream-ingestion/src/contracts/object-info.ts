import type { Digests } from './digest.js';

/** Free-form facts kept with an object. Names are lower case; values are well-formed text. */
export type ObjectMetadata = Readonly<Record<string, string>>;

/** What a store knows about one object. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Strong validator without quotes, of characters that an entity tag may hold (RFC 9110, 8.8.3): another one whenever the bytes differ.
   */
  readonly etag: string;
  readonly lastModified: Date;
  /** Digests of the stored bytes that were computed when they were written. */
  readonly digests: Digests;
  readonly contentType?: string;
  /** Content coding that the stored bytes already have, such as `gzip`. */
  readonly contentEncoding?: string;
  readonly metadata: ObjectMetadata;
}

/** What a finalized sink of a store returns. */
export interface StoredObject extends ObjectInfo {
  /** False where an object of that key was replaced. */
  readonly created: boolean;
}
