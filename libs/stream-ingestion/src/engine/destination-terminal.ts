import type { Writable } from 'node:stream';

import { StreamIngestionError } from '../contracts/index.js';
import type { BufferRing } from './buffer-ring.js';
import type { Digester } from './digester.js';
import { asFailure, isPrematureClose } from './failure.js';
import type { FlowMeter } from './flow-meter.js';
import type { Terminal } from './terminal.js';
import type { TransferScope } from './transfer-scope.js';

export interface DestinationTerminalParts {
  readonly destination: Writable;
  readonly scope: TransferScope;
  readonly meter: FlowMeter;
  readonly ring: BufferRing;
  readonly digester: Digester | undefined;
  readonly writeSettled: (bytes: number, durationMs: number) => void;
  /** See `DeliverOptions.reuseBuffers`. */
  readonly reuseBuffers: boolean;
  /** False where `write` was wrapped by somebody who may drop the callback: then `drain` says what was taken. */
  readonly trustCallbacks: boolean;
  readonly end: boolean;
}

const ignore = (): void => undefined;

/**
 * Writes to a Node.js Writable. A chunk is settled once its write has called back; while the destination holds more
 * than it wants (its `write` said false) and one chunk is in flight already, the source is held back.
 */
export class DestinationTerminal implements Terminal {
  readonly #parts: DestinationTerminalParts;
  #inFlight = 0;
  #finished = false;
  #wake: (() => void) | undefined;
  #undrained: (() => void)[] = [];

  constructor(parts: DestinationTerminalParts) {
    this.#parts = parts;
    const { destination } = parts;
    destination.on('error', this.#onError).on('close', this.#onClose).on('drain', this.#onDrain);
    if (destination.destroyed || destination.writableEnded) this.#onClose();
  }

  accept(chunk: Uint8Array): Promise<void> | void {
    const { meter, ring, digester, reuseBuffers } = this.#parts;
    digester?.update(chunk);
    const own = reuseBuffers || !ring.owns(chunk) ? chunk : Buffer.from(chunk);
    ring.retain(own);
    meter.accepted(own.byteLength);
    this.#inFlight += 1;
    const roomLeft = this.#write(own, performance.now());
    if (roomLeft || this.#inFlight < 2) return;
    return this.#waitUntil(() => this.#inFlight < 2);
  }

  sendGathered(): void {
    // Nothing is ever held back here.
  }

  async flush(): Promise<void> {
    await this.#waitUntil(() => this.#inFlight === 0);
    const { destination, scope, end } = this.#parts;
    if (!end) return;
    destination.once('finish', () => {
      this.#finished = true;
      this.#wake?.();
    });
    destination.end();
    await this.#waitUntil(() => this.#finished);
    scope.throwIfFailed();
  }

  async quiesced(): Promise<void> {
    const { destination, scope, end } = this.#parts;
    destination.off('close', this.#onClose).off('drain', this.#onDrain);
    if (scope.failure === undefined) {
      destination.off('error', this.#onError);
      // One that was ended closes itself now; an error of that must not end the process.
      if (end && !destination.closed) destination.on('error', ignore);
      return;
    }
    // Errors that follow from the destruction have nobody left to tell.
    destination.off('error', this.#onError).on('error', ignore);
    destination.destroy();
    if (this.#inFlight === 0 || destination.closed) return;
    await new Promise<void>((resolve) => {
      destination.once('close', resolve);
      this.#wake = () => this.#inFlight === 0 && resolve();
    });
  }

  #write(chunk: Uint8Array, writtenAt: number): boolean {
    const { destination, trustCallbacks } = this.#parts;
    if (trustCallbacks) return destination.write(chunk, (error) => this.#onWritten(chunk, writtenAt, error));
    const roomLeft = destination.write(chunk);
    if (roomLeft) this.#onWritten(chunk, writtenAt, undefined);
    else this.#undrained.push(() => this.#onWritten(chunk, writtenAt, undefined));
    return roomLeft;
  }

  readonly #onWritten = (chunk: Uint8Array, writtenAt: number, error: Error | null | undefined): void => {
    const { meter, ring } = this.#parts;
    this.#inFlight -= 1;
    meter.settled(1, chunk.byteLength);
    if (error) {
      this.#onError(error);
      this.#wake?.();
      return;
    }
    const durationMs = performance.now() - writtenAt;
    meter.written(chunk.byteLength, durationMs);
    this.#parts.writeSettled(chunk.byteLength, durationMs);
    ring.release(chunk);
    this.#wake?.();
  };

  readonly #onDrain = (): void => {
    for (const settle of this.#undrained.splice(0)) settle();
    this.#wake?.();
  };

  readonly #onError = (error: Error): void => {
    const { destination, scope } = this.#parts;
    // A write that was waiting says only that the stream is destroyed; the stream itself knows why.
    const cause = destination.errored ?? error;
    if (isPrematureClose(cause)) scope.fail(clientGone(cause));
    else scope.fail(asFailure('DESTINATION_FAILED', 'destination.write', cause));
    this.#wake?.();
  };

  readonly #onClose = (): void => {
    const { destination, scope } = this.#parts;
    if (!destination.writableFinished) scope.fail(clientGone(destination.errored));
    this.#wake?.();
  };

  async #waitUntil(ready: () => boolean): Promise<void> {
    const { scope, meter } = this.#parts;
    const waitedFrom = performance.now();
    const stopListening = scope.onFailure(() => this.#wake?.());
    while (!ready() && scope.failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    stopListening();
    this.#wake = undefined;
    meter.sinkWaitMs += performance.now() - waitedFrom;
    scope.throwIfFailed();
  }
}

function clientGone(cause: unknown): StreamIngestionError {
  return new StreamIngestionError('DESTINATION_CLOSED', 'the destination closed before everything was delivered', {
    operation: 'destination.write',
    ...(cause ? { cause } : {}),
  });
}
