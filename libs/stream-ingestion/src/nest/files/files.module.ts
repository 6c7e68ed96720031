import { Controller, Module, UseGuards, UseInterceptors, type DynamicModule } from '@nestjs/common';

import { FilesController } from './files.controller.js';
import { FILES_OPTIONS, type FilesModuleOptions } from './files-options.js';

/** Ready-made endpoints for files. Needs a `StreamIngestionModule` that is global, or among `imports`. */
@Module({})
export class FilesModule {
  /** Mounts the endpoints; may be called several times, with different paths. */
  static register(options: FilesModuleOptions = {}): DynamicModule {
    const { path = 'files', guards = [], interceptors = [], imports = [] } = options;

    @Controller(path)
    @UseGuards(...guards)
    @UseInterceptors(...interceptors)
    class MountedFilesController extends FilesController {}

    return {
      module: FilesModule,
      imports: [...imports],
      providers: [{ provide: FILES_OPTIONS, useValue: options }],
      controllers: [MountedFilesController],
    };
  }
}
