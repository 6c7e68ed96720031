import type { IncomingMessage } from 'node:http';

import type { Transform, TransferDirection } from '../../../contracts/index.js';
import type { DeliveryPlanOptions } from '../../../http/index.js';
import type { MountOptions } from '../mount-options.js';

export interface FilesModuleOptions extends MountOptions {
  /** Where the controller is mounted, below the application's global prefix. Default: `files`. */
  readonly path?: string;
  /** The store to serve, whatever a request says. Default: the one that `?store=` names, else the default store. */
  readonly store?: string;
  /** How objects are sent. */
  readonly delivery?: Omit<DeliveryPlanOptions, 'downloadName' | 'acceptRanges' | 'boundary'>;
  /**
   * What the bytes of one transfer go through, such as the rate limit of a client; asked for anew for every file. Those
   * of a download must keep the length, which is announced. Default: nothing.
   */
  readonly transforms?: (transfer: FileTransfer) => readonly Transform[];
}

/** A transfer that is about to begin. */
export interface FileTransfer {
  readonly direction: TransferDirection;
  readonly request: IncomingMessage;
}

export const FILES_OPTIONS = Symbol('nestjs-stream-ingestion.files');
