import type { CanActivate, InjectionToken, ModuleMetadata, NestInterceptor, Type } from '@nestjs/common';

import type { DeliveryPlanOptions } from '../../http/delivery/index.js';

export interface FilesModuleOptions {
  /** Where the controller is mounted, below the application's global prefix. Default: `files`. */
  readonly path?: string;
  /** The application's own guards, in order. Default: none, so that everybody may do everything. */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** The application's own interceptors, in order. Default: none. */
  readonly interceptors?: readonly (Type<NestInterceptor> | NestInterceptor)[];
  /** The store to serve, whatever a request says. Default: the one that `?store=` names, else the default store. */
  readonly store?: string;
  /** How objects are sent. */
  readonly delivery?: Omit<DeliveryPlanOptions, 'downloadName' | 'acceptRanges' | 'boundary'>;
  /** Modules that guards and interceptors take their dependencies from. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

export const FILES_OPTIONS: InjectionToken = Symbol('nestjs-stream-ingestion.files');
