import type { TransformReport } from '../contracts/index.js';
import type { ResolvedDeclaration } from './declaration.js';
import type { ErrorDescription } from './error-description.js';

/** What a thread is started with. */
export interface ThreadData {
  /** Added to the thread's priority, where threads have one of their own. */
  readonly niceness: number;
}

/**
 * What the two sides of a session say to each other. A slab is memory of the pool, an ArrayBuffer of the unit's
 * size; it is moved, never copied, so that exactly one side has it.
 */
export type ToThread =
  /** `slabs`: what the thread may fill with output; with it, as much credit. */
  | {
      readonly type: 'open';
      readonly session: number;
      readonly declarations: readonly ResolvedDeclaration[];
      readonly slabs: readonly ArrayBuffer[];
      readonly slabBytes: number;
    }
  | { readonly type: 'input'; readonly session: number; readonly slab: ArrayBuffer; readonly bytes: number }
  /** One output was taken: a slab to fill again. */
  | { readonly type: 'refill'; readonly session: number; readonly slab: ArrayBuffer }
  | { readonly type: 'end'; readonly session: number }
  | { readonly type: 'abort'; readonly session: number };

export type FromThread =
  /** Input was transformed: its slab comes back, and with it the credit for another. */
  | { readonly type: 'taken'; readonly session: number; readonly slab: ArrayBuffer }
  | { readonly type: 'output'; readonly session: number; readonly slab: ArrayBuffer; readonly bytes: number }
  /** The last message of a session: everything was transformed, or it failed, or it was aborted. */
  | {
      readonly type: 'closed';
      readonly session: number;
      readonly slabs: readonly ArrayBuffer[];
      readonly end: SessionEnd;
    };

export type SessionEnd =
  | { readonly outcome: 'finished'; readonly reports: readonly TransformReport[] }
  | { readonly outcome: 'failed'; readonly error: ErrorDescription }
  | { readonly outcome: 'aborted' };
