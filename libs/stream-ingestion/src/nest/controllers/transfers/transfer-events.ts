import { Injectable, type MessageEvent } from '@nestjs/common';
import { Observable } from 'rxjs';

import { TransferRegistry } from '../../../engine/index.js';
import { TransferShutdown } from '../../shutdown/transfer-shutdown.js';
import { TransferObservers } from '../../transfers/transfer-observers.js';
import { describeTransfer } from './transfer-description.js';

const PROGRESS_MS = 1000;

/** What happens to the transfers of the application, live. */
@Injectable()
export class TransferEvents {
  constructor(
    private readonly transfers: TransferRegistry,
    private readonly observers: TransferObservers,
    private readonly shutdown: TransferShutdown,
  ) {}

  /** Begins with a `progress` event, ends with the application or its listener. Costs nothing while nobody listens. */
  stream(): Observable<MessageEvent> {
    return new Observable((subscriber) => {
      if (this.shutdown.begun) return subscriber.complete();
      const tell = (type: string, data: object): void => subscriber.next({ type, data });
      const tellOf = (type: string, id: string): void => {
        const entry = this.transfers.get(id);
        if (entry !== undefined) tell(type, describeTransfer(entry));
      };
      const progress = (): void => tell('progress', { running: this.transfers.list().map(describeTransfer) });
      const timer = setInterval(progress, PROGRESS_MS).unref();
      const stopObserving = this.observers.add(({ id }) => ({
        // The registry is told of the transfer by the same event, possibly after us.
        started: () => queueMicrotask(() => tellOf('started', id)),
        settled: () => setImmediate(() => tellOf('settled', id)),
      }));
      const stopWaiting = this.shutdown.onBegin(() => subscriber.complete());
      progress();
      return () => {
        clearInterval(timer);
        stopObserving();
        stopWaiting();
      };
    });
  }
}
