import type { ServerResponse } from 'node:http';

import {
  StreamIngestionError,
  isStreamIngestionError,
  type ByteSource,
  type DeliverySource,
} from '../../contracts/index.js';
import type { DeliveryBody } from './delivery-plan.js';
import { MultipartSource } from './multipart-source.js';

/**
 * Opens what a plan's body is made of. The opening ends when the client goes away meanwhile.
 *
 * @throws DESTINATION_CLOSED, ABORTED, or what the source threw: as it is where it is one of ours, else SOURCE_FAILED.
 */
export async function openContent(
  body: Exclude<DeliveryBody, { kind: 'none' }>,
  source: DeliverySource,
  response: ServerResponse,
  signal: AbortSignal | undefined,
): Promise<ByteSource> {
  const client = new AbortController();
  const onClose = (): void => client.abort(clientGone());
  response.once('close', onClose);
  const either = signal === undefined ? client.signal : AbortSignal.any([signal, client.signal]);
  try {
    either.throwIfAborted();
    if (body.kind !== 'multipart') return await source.read(body.kind === 'range' ? body.range : undefined, either);
    return await MultipartSource.open(body, (range, reading) => source.read(range, reading), either);
  } catch (error) {
    throw asOpenFailure(either.aborted ? either.reason : error, either.aborted);
  } finally {
    response.off('close', onClose);
  }
}

function asOpenFailure(cause: unknown, aborted: boolean): StreamIngestionError {
  if (isStreamIngestionError(cause)) return cause;
  const code = aborted ? 'ABORTED' : 'SOURCE_FAILED';
  const what = aborted ? 'the delivery was aborted' : 'the source could not be opened';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StreamIngestionError(code, `${what}: ${why}`, { operation: 'delivery.open', cause });
}

function clientGone(): StreamIngestionError {
  return new StreamIngestionError('DESTINATION_CLOSED', 'the client went away before anything was sent', {
    operation: 'delivery.open',
  });
}
