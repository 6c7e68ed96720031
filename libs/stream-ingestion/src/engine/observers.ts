import type { TransferObserver } from '../contracts/index.js';

type Event = keyof TransferObserver;

/** One observer that tells all of them; what one throws reaches neither the transfer nor the others. */
export function combineObservers(observers: readonly (TransferObserver | undefined)[]): Required<TransferObserver> {
  const present = observers.filter((observer) => observer !== undefined);
  const tell = <E extends Event>(event: E, ...details: Parameters<Required<TransferObserver>[E]>): void => {
    for (const observer of present) {
      try {
        (observer[event] as ((...args: unknown[]) => void) | undefined)?.(...details);
      } catch {
        // Stated in the contract: an observer cannot disturb a transfer.
      }
    }
  };
  return {
    started: (event) => tell('started', event),
    writeSettled: (bytes, durationMs) => tell('writeSettled', bytes, durationMs),
    finalizing: () => tell('finalizing'),
    abortFailed: (error) => tell('abortFailed', error),
    settled: (report) => tell('settled', report),
  };
}
