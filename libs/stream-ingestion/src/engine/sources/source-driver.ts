import type { FlowMeter } from '../flow-meter.js';
import type { Push } from '../terminal.js';
import type { TransferScope } from '../transfer-scope.js';

export interface DriveContext {
  readonly scope: TransferScope;
  readonly meter: FlowMeter;
  /** Where the source's chunks go. Called again only once the promise it returned has settled. */
  readonly push: Push;
}

/** Reads one kind of source to its end. */
export interface SourceDriver {
  /**
   * Pushes every chunk; resolves at the end of the source. Rejects where the source fails or closes early, and soon
   * after the scope has failed.
   */
  drive(context: DriveContext): Promise<void>;

  /** Lets go of the source. Called once, after `drive` has settled. */
  release(failure: Error | undefined): Promise<void>;
}
