import type { Preconditions } from '../../store-kit/index.js';
import type { FileIdentity } from './file-identity.js';

/** Names of the temporary files of one transfer. */
export interface DraftPaths {
  readonly data: string;
  readonly sidecar: string;
  /** Second name of the version that is being replaced, until the new one is durable. */
  readonly backup: string;
}

/** A complete, synced, closed file with its sidecar in place: all that is left is to give it its name. */
export interface Draft {
  readonly key: string;
  readonly paths: DraftPaths;
  readonly identity: FileIdentity;
  readonly conditions: Preconditions;
}
