import type { DeliveryPlanOptions } from '../../../http/index.js';
import type { MountOptions } from '../mount-options.js';

export interface FilesModuleOptions extends MountOptions {
  /** Where the controller is mounted, below the application's global prefix. Default: `files`. */
  readonly path?: string;
  /** The store to serve, whatever a request says. Default: the one that `?store=` names, else the default store. */
  readonly store?: string;
  /** How objects are sent. */
  readonly delivery?: Omit<DeliveryPlanOptions, 'downloadName' | 'acceptRanges' | 'boundary'>;
}

export const FILES_OPTIONS = Symbol('nestjs-stream-ingestion.files');
