import type { Digests } from '../contracts/index.js';
import { asFailure } from './failure.js';
import type { FlowMeter } from './flow-meter.js';
import type { SourceCheck } from './source-check.js';
import type { SourceDriver } from './sources/source-driver.js';
import type { Push, Terminal } from './terminal.js';
import type { TransferScope } from './transfer-scope.js';
import type { TransformChain } from './transform-chain.js';

export interface PumpParts {
  readonly driver: SourceDriver;
  readonly check: SourceCheck;
  readonly chain: TransformChain;
  readonly terminal: Terminal;
  readonly scope: TransferScope;
  readonly meter: FlowMeter;
  /** Digests over the terminal's bytes where those are the source's bytes too. */
  readonly sourceDigests: () => Digests;
}

/**
 * Moves every byte from the source through the chain into the terminal. When it settles nothing is in flight: no
 * read, no transform, no write; a failure is in the scope, and the source was let go. Never rejects.
 */
export async function pump(parts: PumpParts): Promise<void> {
  const { driver, check, chain, terminal, scope, meter } = parts;
  let pushing: Promise<void> | void = undefined;
  const head = check.before(chain.push);
  const push: Push = (chunk) => (pushing = head(chunk));
  const stopDestroying = scope.onFailure(() => chain.destroy(scope.failure));
  try {
    scope.throwIfFailed();
    await driver.drive({ scope, meter, push });
    scope.throwIfFailed();
    await chain.flush();
    // Before the end is sent on: a destination that was ended looks whole.
    check.finish(parts.sourceDigests());
    await terminal.flush();
  } catch (error) {
    scope.fail(asFailure('SOURCE_FAILED', 'transfer', error));
  }
  stopDestroying();
  if (scope.failure === undefined) chain.destroy(undefined);
  await quietly(driver.release(scope.failure));
  await quietly(pushing);
  await terminal.quiesced();
}

/** Waits for the end of what has already failed, or can no longer change the outcome. */
async function quietly(settling: Promise<void> | void): Promise<void> {
  try {
    await settling;
  } catch {
    // The scope has the first failure; this is what followed from it.
  }
}
