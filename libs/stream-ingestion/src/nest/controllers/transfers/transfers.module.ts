import { Module, type DynamicModule } from '@nestjs/common';

import { mountController } from '../mount-controller.js';
import type { MountOptions } from '../mount-options.js';
import { TransferEvents } from './transfer-events.js';
import { TransfersController } from './transfers.controller.js';

export interface TransfersModuleOptions extends MountOptions {
  /** Where the controller is mounted, below the application's global prefix. Default: `transfers`. */
  readonly path?: string;
}

/** Ready-made endpoints for transfers. Needs a `StreamIngestionModule` that is global, or among `imports`. */
@Module({})
export class TransfersModule {
  static register(options: TransfersModuleOptions = {}): DynamicModule {
    return {
      module: TransfersModule,
      imports: [...(options.imports ?? [])],
      providers: [TransferEvents],
      controllers: [mountController(TransfersController, options.path ?? 'transfers', options)],
    };
  }
}
