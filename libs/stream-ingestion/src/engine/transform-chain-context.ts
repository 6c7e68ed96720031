import type { FlowMeter } from './flow-meter.js';
import type { NodeTransformContext } from './node-transform.adapter.js';

/** What the transforms of one chain share: when to stop, and where the memory that goes through them belongs. */
export interface TransformChainContext extends NodeTransformContext {
  readonly signal: AbortSignal;
  readonly meter: Pick<FlowMeter, 'bytesTransformed'>;
  /** Takes in a chunk that a transform lends, with one reference; see `Emit`. */
  readonly borrow: (chunk: Uint8Array, giveBack: () => void) => void;
  /** Takes that reference back. */
  readonly release: (chunk: Uint8Array) => void;
}
