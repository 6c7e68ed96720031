import { Injectable } from '@nestjs/common';

import type { TransferObserver } from '../../contracts/index.js';
import { combineObservers, type TransferDescriptor } from '../../engine/index.js';

/** A transfer as observers are told of it. */
export type ObservedTransfer = TransferDescriptor & { readonly id: string };

/** Gives an observer for a transfer that is about to begin, or nothing. Must not throw. */
export type TransferObserverFactory = (transfer: ObservedTransfer) => TransferObserver | undefined;

/** Where anybody may listen to every transfer of the application: metrics, events, a log. */
@Injectable()
export class TransferObservers {
  readonly #factories = new Set<TransferObserverFactory>();

  /** @returns a function that ends the listening; transfers that have begun are heard to their end. */
  add(factory: TransferObserverFactory): () => void {
    this.#factories.add(factory);
    return () => void this.#factories.delete(factory);
  }

  observerFor(transfer: ObservedTransfer): TransferObserver | undefined {
    if (this.#factories.size === 0) return undefined;
    return combineObservers([...this.#factories].map((factory) => factory(transfer)));
  }
}
