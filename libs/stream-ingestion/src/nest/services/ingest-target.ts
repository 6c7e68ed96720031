import type { ObjectMetadata, Transform } from '../../contracts/index.js';
import type { IngestOptions } from '../../engine/index.js';

/** Where an object goes, and what is kept with it. */
export interface IngestTarget {
  readonly key: string;
  /** Default: the default store. */
  readonly store?: string | undefined;
  readonly contentType?: string | undefined;
  /** Content coding that the bytes already have. */
  readonly contentEncoding?: string | undefined;
  readonly metadata?: ObjectMetadata | undefined;
  /** Create only. */
  readonly ifNoneMatch?: '*' | undefined;
  /** Replace only that version, any version (`*`), or one of these. */
  readonly ifMatch?: string | readonly string[] | undefined;
}

/** How one ingestion runs; what is absent is as the module was set up. */
export interface IngestionOptions extends Omit<IngestOptions, 'id' | 'bufferPool' | 'transforms'> {
  /** In the order in which bytes go through them. Each instance serves one transfer. */
  readonly transforms?: readonly Transform[];
  /** LIMIT_EXCEEDED beyond; `Infinity` lifts the module's `maxUploadBytes`. */
  readonly maxBytes?: number | undefined;
}
