import type { FinalizeSummary, IngestionSink } from '../../contracts/index.js';
import { ChaosError, pause, requireCount } from './chaos-plan.js';

export interface ChaosSinkOptions {
  /** Which call fails. Default: none, so that only the delay is added. */
  readonly on?: 'write' | 'finalize' | 'abort';
  /** With `on: 'write'`: the write that would go past so many bytes fails, before any of it is written. Default: 0. */
  readonly failAt?: number;
  /** Wait before every call, in milliseconds. Default: 0. */
  readonly delayMs?: number;
  /** Default: a {@link ChaosError}. */
  readonly error?: unknown;
}

/**
 * A sink that hands everything on to another one and fails where it was told to. A `finalize` that fails does so
 * before the inner one is called, an `abort` after it.
 */
export function chaosSink<Result>(
  inner: IngestionSink<Result>,
  { on, failAt = 0, delayMs = 0, error }: ChaosSinkOptions,
): IngestionSink<Result> {
  requireCount('failAt', failAt);
  requireCount('delayMs', delayMs);
  let writtenBytes = 0;

  const failIf = (call: NonNullable<ChaosSinkOptions['on']>): void => {
    if (on === call) throw error ?? new ChaosError(call);
  };

  const writing = async (bytes: number, signal: AbortSignal, write: () => Promise<void> | void): Promise<void> => {
    await pause(delayMs, signal);
    if (writtenBytes + bytes > failAt) failIf('write');
    await write();
    writtenBytes += bytes;
  };

  const writev = inner.writev?.bind(inner);
  return {
    ...(inner.preferredUnitBytes === undefined ? {} : { preferredUnitBytes: inner.preferredUnitBytes }),
    write: (chunk, signal) => writing(chunk.byteLength, signal, () => inner.write(chunk, signal)),
    ...(writev === undefined
      ? {}
      : {
          writev: (chunks: readonly Uint8Array[], signal: AbortSignal) =>
            writing(sumOf(chunks), signal, () => writev(chunks, signal)),
        }),
    async finalize(summary: FinalizeSummary, signal: AbortSignal): Promise<Result> {
      await pause(delayMs, signal);
      failIf('finalize');
      return inner.finalize(summary, signal);
    },
    async abort(reason: unknown): Promise<void> {
      await pause(delayMs, undefined);
      await inner.abort(reason);
      failIf('abort');
    },
  };
}

function sumOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
