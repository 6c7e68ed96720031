import type { Writable } from 'node:stream';

import type { ByteSource, DeliverySource, Digests, TransferReport } from '../contracts/index.js';
import { copiesByCallback, isWriteWrapped } from './buffer-trust.js';
import { DestinationTerminal } from './destination-terminal.js';
import { createDigester } from './digester.js';
import { asFailure } from './failure.js';
import { DEFAULT_UNIT_BYTES } from './ingest-stream.js';
import type { DeliverOptions } from './transfer-options.js';
import { TransferRun } from './transfer-run.js';
import type { TransferScope } from './transfer-scope.js';

/**
 * Reads a source to its end into a Node.js Writable, an HTTP response among them, through any number of transforms.
 *
 * A slow destination holds the source back; at most two units are in flight. Of a delivery source the whole or one
 * range is read, and a reading that gives fewer bytes than that is an error: the destination is then destroyed, so
 * that whoever reads it sees that it is not whole.
 *
 * @returns the report; the destination has finished (or, with `end: false`, has taken every byte).
 * @throws StreamIngestionError with `report`: SOURCE_FAILED, SOURCE_CLOSED, DESTINATION_FAILED, DESTINATION_CLOSED,
 * TRANSFORM_FAILED, ABORTED, IDLE_TIMEOUT, LENGTH_MISMATCH, INVALID_OPTION, or what the source or a transform threw.
 */
export async function deliverStream(
  source: DeliverySource | ByteSource,
  destination: Writable,
  options: DeliverOptions = {},
): Promise<TransferReport> {
  const run = new TransferRun('deliver', options, options.unitBytes ?? DEFAULT_UNIT_BYTES);
  const { scope, meter, ring } = run;
  const digester = options.digests?.length ? await createDigester(options.digests).catch(fail) : undefined;
  const wrapped = isWriteWrapped(destination);
  const terminal = new DestinationTerminal({
    destination,
    scope,
    meter,
    ring,
    digester,
    writeSettled: run.observer.writeSettled,
    reuseBuffers: options.reuseBuffers ?? copiesByCallback(destination),
    trustCallbacks: !wrapped,
    end: options.end ?? true,
  });

  function fail(error: unknown): undefined {
    scope.fail(asFailure('SOURCE_FAILED', 'source.open', error));
  }

  try {
    const reading = await openReading(source, options, scope);
    await run.move({
      source: reading.source,
      terminal,
      expected: { bytes: reading.expectedBytes, digests: {}, digester: undefined },
      sourceDigests: () => ({}),
      fill: false,
      keepSourceOnFailure: false,
    });
  } catch (error) {
    fail(error);
    await terminal.quiesced();
  }
  const failure = scope.failure;
  const digests: Digests = failure === undefined ? (digester?.digests() ?? {}) : {};
  const report = run.settle(failure, digests, {});
  if (failure === undefined) return report;
  failure.report = report;
  throw failure;
}

function isDeliverySource(source: unknown): source is DeliverySource {
  const candidate = source as Partial<DeliverySource> | undefined;
  return typeof candidate?.stat === 'function' && typeof candidate.read === 'function';
}

interface Reading {
  readonly source: ByteSource;
  readonly expectedBytes: number | undefined;
}

async function openReading(
  source: DeliverySource | ByteSource,
  { expectedBytes, range }: DeliverOptions,
  scope: TransferScope,
): Promise<Reading> {
  if (!isDeliverySource(source)) return { source, expectedBytes };
  const { signal } = scope;
  scope.throwIfFailed();
  const length = range === undefined ? (await source.stat(signal)).size : range.end - range.start + 1;
  return { source: await source.read(range, signal), expectedBytes: expectedBytes ?? length };
}
