import type { Readable } from 'node:stream';

import type { ByteSource, DigestAlgorithm, Digests, IngestionReport, IngestionSink } from '../contracts/index.js';
import { createDigester, type Digester } from './digester.js';
import { asFailure } from './failure.js';
import { memoryReleaser } from './memory-release.js';
import { SinkTerminal } from './sink-terminal.js';
import type { IngestOptions } from './transfer-options.js';
import { TransferRun } from './transfer-run.js';

/** Large enough to make system calls rare, small enough that two of them are nothing. */
export const DEFAULT_UNIT_BYTES = 1024 * 1024;

/**
 * Reads a source to its end into a sink, through any number of transforms.
 *
 * Memory stays flat whatever the length: one unit is written while the next is gathered, and a slow sink holds the
 * source back. The sink sees `finalize` exactly once, or `abort` exactly once. The promise settles only when nothing
 * is in flight any more.
 *
 * @returns the report, with what the sink's `finalize` returned as `result`.
 * @throws StreamIngestionError with `report` (and `abortFailure`, where the sink's `abort` failed too): SOURCE_FAILED,
 * SOURCE_CLOSED, TRANSFORM_FAILED, SINK_FAILED, ABORTED, IDLE_TIMEOUT, LENGTH_MISMATCH, DIGEST_MISMATCH,
 * INVALID_OPTION, or the StreamIngestionError that the source, a transform or the sink threw, as it is.
 */
export async function ingestStream<Result>(
  source: ByteSource,
  sink: IngestionSink<Result>,
  options: IngestOptions = {},
): Promise<IngestionReport<Result>> {
  const unitBytes = options.unitBytes ?? sink.preferredUnitBytes ?? DEFAULT_UNIT_BYTES;
  const run = new TransferRun('ingest', options, unitBytes);
  const { scope } = run;
  let digests: Digests = {};
  let result: Result;
  try {
    // A failure here ends the transfer like any other: with the source let go and the sink aborted.
    const { sinkDigester, sourceDigester } = await planDigesters(options).catch((error: unknown) => {
      scope.fail(asFailure('INVALID_OPTION', 'digest.create', error));
      return NO_DIGESTERS;
    });
    const takeDigests = (): Digests => (digests = sinkDigester?.digests() ?? {});
    const terminal = new SinkTerminal({
      ...run,
      sink,
      digester: sinkDigester,
      releaseMemory: mayRelease(source, options) ? memoryReleaser() : undefined,
    });
    await run.move({
      source,
      terminal,
      expected: { bytes: options.expectedBytes, digests: options.expectedDigests ?? {}, digester: sourceDigester },
      sourceDigests: takeDigests,
      fill: true,
      keepSourceOnFailure: options.keepSourceOnFailure ?? false,
    });
    scope.throwIfFailed();
    run.observer.finalizing();
    result = await sink.finalize({ bytes: run.meter.bytesOut, digests }, scope.signal);
  } catch (error) {
    scope.fail(asFailure('SINK_FAILED', 'sink.finalize', error));
    throw await abortSink(run, sink);
  }
  return run.settle(undefined, digests, { direction: 'ingest' as const, result });
}

async function abortSink(run: TransferRun, sink: IngestionSink): Promise<Error> {
  const failure = run.scope.failure ?? asFailure('SINK_FAILED', 'ingest', undefined);
  try {
    await sink.abort(failure);
  } catch (abortFailure) {
    failure.abortFailure = abortFailure;
    run.observer.abortFailed(abortFailure);
  }
  failure.report = run.settle(failure, {}, {});
  return failure;
}

/** Where somebody else listens to the source too, its chunks are theirs as well. */
function mayRelease(source: ByteSource, { releaseChunks = false }: IngestOptions): boolean {
  const listeners = (source as Partial<Readable>).listenerCount?.bind(source);
  return releaseChunks && (listeners === undefined || listeners('data') === 0);
}

const NO_DIGESTERS = { sinkDigester: undefined, sourceDigester: undefined };

/** Without transforms source and sink see the same bytes, and one pass serves both. */
async function planDigesters({ transforms = [], digests = [], expectedDigests = {} }: IngestOptions) {
  const expected = Object.keys(expectedDigests) as DigestAlgorithm[];
  if (transforms.length > 0) {
    return { sinkDigester: await digesterFor(digests), sourceDigester: await digesterFor(expected) };
  }
  return { sinkDigester: await digesterFor([...digests, ...expected]), sourceDigester: undefined };
}

async function digesterFor(algorithms: readonly DigestAlgorithm[]): Promise<Digester | undefined> {
  return algorithms.length === 0 ? undefined : createDigester(algorithms);
}
