import { Module, type DynamicModule } from '@nestjs/common';

import { mountController } from '../mount-controller.js';
import { FilesController } from './files.controller.js';
import { FILES_OPTIONS, type FilesModuleOptions } from './files-options.js';

/** Ready-made endpoints for files. Needs a `StreamIngestionModule` that is global, or among `imports`. */
@Module({})
export class FilesModule {
  /** Mounts the endpoints; may be called several times, with different paths. */
  static register(options: FilesModuleOptions = {}): DynamicModule {
    return {
      module: FilesModule,
      imports: [...(options.imports ?? [])],
      providers: [{ provide: FILES_OPTIONS, useValue: options }],
      controllers: [mountController(FilesController, options.path ?? 'files', options)],
    };
  }
}
