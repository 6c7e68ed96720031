import type { Store, StoreCapabilities } from '../../contracts/index.js';

/** A store to be examined, empty, and what a case may need to know of its backing. */
export interface StoreSubject {
  /** Started already, where it has a `start`. */
  readonly store: Store;
  /** Closes the store and removes its backing. */
  cleanup(): Promise<void>;
  /** Names of whatever the backing holds that does not belong to a finalized object. Default: nothing is known. */
  leftovers?(): Promise<readonly string[]>;
  /** Another store over the same backing, as a restarted process sees it. Required of a durable store. */
  reopen?(): Promise<Store>;
}

/** What a case is given. */
export interface ConformanceContext {
  readonly store: Store;
  /** The unit in which the store's sinks are written. */
  readonly unitBytes: number;
  readonly leftovers: () => Promise<readonly string[]>;
  readonly reopen: () => Promise<Store>;
}

/** One rule that every store keeps, as data: any test runner can run it. */
export interface ConformanceCase {
  readonly name: string;
  /** The case applies only to stores that declare this. */
  readonly requires?: keyof StoreCapabilities;
  /** Rejects with an AssertionError where the store does not keep the rule. */
  readonly run: (context: ConformanceContext) => Promise<void>;
}
