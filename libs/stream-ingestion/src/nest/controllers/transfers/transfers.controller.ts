import { Delete, Get, HttpCode, Inject, Param, Sse, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';

import { StreamIngestionError } from '../../../contracts/index.js';
import { TransferRegistry, type RegistryState } from '../../../engine/index.js';
import { TransferEvents } from './transfer-events.js';
import { describeTransfer, type TransferDescription } from './transfer-description.js';

/** Every transfer that is known. */
export interface TransferList {
  readonly state: RegistryState;
  readonly maxConcurrent: number;
  readonly running: readonly TransferDescription[];
  /** The latest first. */
  readonly recent: readonly TransferDescription[];
}

/** Running and recent transfers over HTTP. Mounted by `TransfersModule.register`. */
export class TransfersController {
  @Inject(TransferRegistry) private readonly transfers!: TransferRegistry;
  @Inject(TransferEvents) private readonly liveEvents!: TransferEvents;

  @Get()
  list(): TransferList {
    const { state, maxConcurrent } = this.transfers;
    return {
      state,
      maxConcurrent,
      running: this.transfers.list().map(describeTransfer),
      recent: this.transfers.recent().map(describeTransfer),
    };
  }

  /** Server-sent events: `started`, `progress` (once a second), `settled`. */
  @Sse('events')
  events(): Observable<MessageEvent> {
    return this.liveEvents.stream();
  }

  @Get(':id')
  get(@Param('id') id: string): TransferDescription {
    const entry = this.transfers.get(id);
    return entry === undefined ? notFound(id) : describeTransfer(entry);
  }

  /** Aborts a running transfer; it leaves nothing behind. 404 where none of that id is running. */
  @Delete(':id')
  @HttpCode(204)
  abort(@Param('id') id: string): void {
    if (!this.transfers.abort(id, 'aborted through the API')) notFound(id);
  }
}

function notFound(id: string): never {
  throw new StreamIngestionError('NOT_FOUND', 'no such transfer', { operation: 'transfers.get', context: { id } });
}
