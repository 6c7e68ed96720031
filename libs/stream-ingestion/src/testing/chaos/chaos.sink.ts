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
  /**
   * Overwrite each chunk once the inner sink's write has settled, so that one that keeps chunks without a copy stores
   * nonsense. The engine's own chunks are left alone. Default: false.
   */
  readonly overwriteChunks?: boolean;
}

const OVERWRITTEN = 0xdb;

/**
 * A sink that hands everything on to another one and fails where it was told to. A `finalize` that fails does so
 * before the inner one is called, an `abort` after it.
 */
export function chaosSink<Result>(
  inner: IngestionSink<Result>,
  { on, failAt = 0, delayMs = 0, error, overwriteChunks = false }: ChaosSinkOptions,
): IngestionSink<Result> {
  requireCount('failAt', failAt);
  requireCount('delayMs', delayMs);
  let writtenBytes = 0;

  const failIf = (call: NonNullable<ChaosSinkOptions['on']>): void => {
    if (on === call) throw error ?? new ChaosError(call);
  };

  const writing = async (
    chunks: readonly Uint8Array[],
    signal: AbortSignal,
    write: (chunks: readonly Uint8Array[]) => Promise<void> | void,
  ): Promise<void> => {
    await pause(delayMs, signal);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    if (writtenBytes + bytes > failAt) failIf('write');
    const handedOver = overwriteChunks ? chunks.map((chunk) => Buffer.from(chunk)) : chunks;
    await write(handedOver);
    if (overwriteChunks) for (const chunk of handedOver) chunk.fill(OVERWRITTEN);
    writtenBytes += bytes;
  };

  const writev = inner.writev?.bind(inner);
  return {
    ...(inner.preferredUnitBytes === undefined ? {} : { preferredUnitBytes: inner.preferredUnitBytes }),
    write: (chunk, signal) =>
      writing([chunk], signal, async (chunks) => {
        for (const one of chunks) await inner.write(one, signal);
      }),
    ...(writev === undefined
      ? {}
      : {
          writev: (chunks: readonly Uint8Array[], signal: AbortSignal) =>
            writing(chunks, signal, (handedOver) => writev(handedOver, signal)),
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
