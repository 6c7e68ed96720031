import type { Readable } from 'node:stream';

import { StreamIngestionError } from '../../contracts/index.js';
import { asFailure, isPrematureClose } from '../failure.js';
import { assertBytes } from './assert-bytes.js';
import type { DriveContext, SourceDriver } from './source-driver.js';

const ignore = (): void => undefined;

/**
 * Reads a Node.js Readable in flowing mode, paused while the chain is busy: no promise and no event more than the
 * stream itself makes for a chunk.
 */
export class ReadableDriver implements SourceDriver {
  readonly #source: Readable;
  readonly #keep: boolean;

  constructor(source: Readable, keepOnFailure: boolean) {
    this.#source = source;
    this.#keep = keepOnFailure;
  }

  drive({ scope, meter, push }: DriveContext): Promise<void> {
    const source = this.#source;
    return new Promise((resolve, reject) => {
      let busy: Promise<void> | undefined;
      let ended = false;
      let settled = false;
      let idleFrom = performance.now();

      const settle = (error?: unknown): void => {
        settled = true;
        source.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
        stopListening();
        // It gave every byte: what goes wrong when it closes itself now must not end the process.
        if (error === undefined && !source.closed) source.on('error', ignore);
        source.pause();
        if (error === undefined) resolve();
        else reject(error);
      };
      const onBusyDone = (): void => {
        busy = undefined;
        idleFrom = performance.now();
        // A source that is kept has to stay where it is: with nobody listening it would lose what it gives.
        if (settled) return;
        if (ended) finish();
        else source.resume();
      };
      const take = (chunk: Uint8Array): Promise<void> | void => {
        meter.bytesIn += chunk.byteLength;
        return push(chunk);
      };
      const onData = (chunk: unknown): void => {
        try {
          assertBytes(chunk);
          if (busy === undefined) meter.sourceWaitMs += performance.now() - idleFrom;
          // A source that goes on although it was paused is queued behind: late, but in order.
          const taken = busy === undefined ? take(chunk) : busy.then(() => take(chunk));
          idleFrom = performance.now();
          if (taken === undefined) return;
          source.pause();
          busy = taken;
          taken.then(() => busy === taken && onBusyDone(), settle);
        } catch (error) {
          settle(error);
        }
      };
      const finish = (): void => {
        // An HTTP request also ends when its connection breaks half-way through the body.
        if ((source as { complete?: boolean }).complete === false) settle(closedEarly());
        else settle();
      };
      const onEnd = (): void => {
        ended = true;
        if (busy === undefined) finish();
      };
      const onError = (error: unknown): void => {
        settle(isPrematureClose(error) ? closedEarly(error) : asFailure('SOURCE_FAILED', 'source.read', error));
      };
      const onClose = (): void => {
        if (!ended) settle(source.errored ? asFailure('SOURCE_FAILED', 'source.read', source.errored) : closedEarly());
      };
      const stopListening = scope.onFailure(() => settle(scope.failure));

      if (scope.failure !== undefined) return;
      if (source.errored) return onError(source.errored);
      if (source.readableEnded || source.destroyed) return settle(alreadyConsumed());
      source.on('end', onEnd).on('error', onError).on('close', onClose).on('data', onData);
      // Adding a listener does not restart a stream that somebody paused before.
      source.resume();
    });
  }

  release(failure: Error | undefined): Promise<void> {
    if (failure !== undefined && !this.#keep) {
      // Without a listener an error that the destruction brings would end the process.
      this.#source.on('error', ignore);
      this.#source.destroy(failure);
    }
    return Promise.resolve();
  }
}

function closedEarly(cause?: unknown): StreamIngestionError {
  return new StreamIngestionError('SOURCE_CLOSED', 'the source closed before its end', {
    operation: 'source.read',
    ...(cause === undefined ? {} : { cause }),
  });
}

function alreadyConsumed(): StreamIngestionError {
  return new StreamIngestionError(
    'SOURCE_CLOSED',
    'the source was read or destroyed before the transfer began (by a body parser, perhaps)',
    { operation: 'source.read', retry: 'never' },
  );
}
