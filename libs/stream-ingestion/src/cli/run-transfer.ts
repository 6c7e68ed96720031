import type { Writable } from 'node:stream';

import {
  StreamIngestionError,
  isStreamIngestionError,
  type Transform,
  type TransferObserver,
  type TransferReport,
} from '../contracts/index.js';
import { deliverStream, ingestStream, type BufferPool, type TransferOptions } from '../engine/index.js';
import type { TransferCommand } from './command-line.js';
import { FileSink } from './file.sink.js';
import { describeLocation, type Location } from './location.js';
import { openDevice, openPipe, openStdout } from './open-writable.js';
import { openSource, type OpenedSource } from './open-source.js';
import { findTarget, type Target } from './target.js';
import type { TransferRecord } from './transfer-record.js';

export interface TransferSurroundings {
  readonly command: TransferCommand;
  readonly signal: AbortSignal;
  readonly bufferPool: BufferPool;
  readonly createTransforms: () => readonly Transform[];
  readonly watch: (source: string, totalBytes: number | undefined) => TransferObserver;
}

// A limited transfer moves in small steps, about ten a second.
const STEPS_PER_SECOND = 10;
const LEAST_UNIT_BYTES = 4096;
const MOST_UNIT_BYTES = 1024 * 1024;

/** Carries one source to its destination. Never rejects: how it went is in the record. */
export async function runTransfer(source: Location, surroundings: TransferSurroundings): Promise<TransferRecord> {
  const { destination } = surroundings.command;
  const record = {
    source: describeLocation(source, 'stdin'),
    destination: describeLocation(destination, 'stdout'),
    toStdout: destination.kind === 'stdio',
  };
  try {
    const target = await findTarget(source, destination);
    if (target.kind !== 'stdout') record.destination = target.path;
    return { ...record, report: await move(source, target, surroundings) };
  } catch (error) {
    const failure = asFailure(error);
    return {
      ...record,
      failure,
      report: failure.report ?? (await reportOfNothing(failure, surroundings.watch(record.source, 0))),
    };
  }
}

async function move(source: Location, target: Target, surroundings: TransferSurroundings): Promise<TransferReport> {
  const { command, signal, watch } = surroundings;
  if (target.kind === 'file') {
    const opened = await openSource(source, command.range, signal);
    return ingestStream(opened.source, new FileSink(target.path), optionsFor(opened));
  }
  const ours = openTarget(target);
  try {
    const opened = await openSource(source, command.range, signal);
    // Standard output is not only ours: it stays open, and untouched until there is something to write.
    const writable = ours ?? openStdout();
    return await deliverStream(opened.source, writable, { ...optionsFor(opened), end: ours !== undefined });
  } catch (error) {
    ours?.destroy();
    throw error;
  }

  function optionsFor({ totalBytes }: OpenedSource): TransferOptions {
    return {
      signal,
      transforms: surroundings.createTransforms(),
      digests: command.digests,
      bufferPool: surroundings.bufferPool,
      observer: watch(describeLocation(source, 'stdin'), totalBytes),
      ...unitFor(command.bytesPerSecond),
    };
  }
}

function openTarget(target: Exclude<Target, { kind: 'file' }>): Writable | undefined {
  if (target.kind === 'stdout') return undefined;
  return target.kind === 'pipe' ? openPipe(target.path) : openDevice(target.path);
}

function unitFor(bytesPerSecond: number | undefined): { readonly unitBytes?: number } {
  if (bytesPerSecond === undefined) return {};
  const step = Math.floor(bytesPerSecond / STEPS_PER_SECOND);
  return { unitBytes: Math.max(LEAST_UNIT_BYTES, Math.min(MOST_UNIT_BYTES, step)) };
}

function asFailure(error: unknown): StreamIngestionError {
  if (isStreamIngestionError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StreamIngestionError('SOURCE_FAILED', message, { operation: 'cli.transfer', cause: error });
}

/** The report of a transfer that failed before it had begun: the engine's own, of no bytes. */
async function reportOfNothing(failure: StreamIngestionError, observer: TransferObserver): Promise<TransferReport> {
  const nowhere = { write: () => undefined, finalize: () => undefined, abort: () => undefined };
  return ingestStream([], nowhere, { signal: AbortSignal.abort(failure), observer }).catch(
    (error: StreamIngestionError) => error.report as TransferReport,
  );
}
