import type { Transform, TransformReport } from '../contracts/index.js';
import { assertByteMode, byteTransformOf } from './node-transform.adapter.js';
import type { Push } from './terminal.js';
import type { TransformChainContext } from './transform-chain-context.js';
import { TransformStage } from './transform-stage.js';

/** Transforms in order, the last one pushing into the terminal. */
export class TransformChain {
  /** Where the source pushes. */
  readonly push: Push;
  readonly #stages: readonly TransformStage[];

  constructor(transforms: readonly Transform[], terminal: Push, context: TransformChainContext) {
    transforms.forEach(assertByteMode);
    let next = terminal;
    const stages: TransformStage[] = [];
    for (const transform of [...transforms].reverse()) {
      const stage = new TransformStage(byteTransformOf(transform, context), next, context);
      stages.unshift(stage);
      next = stage.push;
    }
    this.#stages = stages;
    this.push = next;
  }

  async flush(): Promise<void> {
    for (const stage of this.#stages) await stage.flush();
  }

  destroy(reason: unknown): void {
    for (const stage of this.#stages) stage.destroy(reason);
  }

  reports(): TransformReport[] {
    return this.#stages.map((stage) => stage.report());
  }
}
