import { StreamIngestionError, isStreamIngestionError } from '../contracts/index.js';

/**
 * What makes a waiting transform settle: the signal of the call that is running, or `destroy` of the instance. Once
 * thrown it stays thrown.
 */
export class StopSwitch {
  readonly #operation: string;
  readonly #controller = new AbortController();

  constructor(operation: string) {
    this.#operation = operation;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(reason: unknown): void {
    this.#controller.abort(reason ?? new Error('the transform was destroyed'));
  }

  /** @throws the reason where it is one of ours, else ABORTED around it. */
  throwIfStopped(): void {
    if (this.signal.aborted) throw asAborted(this.#operation, this.signal.reason);
  }

  /** Does `work` so that `signal` stops it too. No listener is left on `signal` afterwards. */
  async follow(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const relay = (): void => this.stop(signal.reason);
    if (signal.aborted) relay();
    else signal.addEventListener('abort', relay, { once: true });
    try {
      this.throwIfStopped();
      await work();
    } finally {
      signal.removeEventListener('abort', relay);
    }
  }
}

/** What an abort reason becomes: kept where it is one of ours, else the cause of an ABORTED. */
export function asAborted(operation: string, reason: unknown): StreamIngestionError {
  if (isStreamIngestionError(reason)) return reason;
  return new StreamIngestionError('ABORTED', `${operation} was aborted: ${messageOf(reason)}`, {
    operation,
    cause: reason,
  });
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
