import type { CanActivate, ModuleMetadata, NestInterceptor, Type } from '@nestjs/common';

/** How a ready-made controller is mounted. */
export interface MountOptions {
  /** Where, below the application's global prefix. */
  readonly path?: string;
  /** The application's own guards, in order. Default: none, so that everybody may do everything. */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** The application's own interceptors, in order. Default: none. */
  readonly interceptors?: readonly (Type<NestInterceptor> | NestInterceptor)[];
  /** Modules that guards and interceptors take their dependencies from. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}
