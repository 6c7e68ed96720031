import type { IncomingMessage } from 'node:http';

export interface DiscardLimits {
  /** Most bytes to read and discard. Default: 1 MiB. */
  readonly discardBytes?: number;
  /** Longest time to spend on it, in milliseconds. Default: 5,000. */
  readonly discardMs?: number;
}

/** How long a client that sends faster than it reads is held back before the end, which may come to it as a reset. */
const LINGER_MS = 250;

/**
 * Reads on and throws away, until the request ends, the client leaves or a limit is reached. Past the byte limit it
 * stops reading and waits for a moment, so that an answer that is on its way is not overtaken. Never rejects.
 */
export function discardRest(request: IncomingMessage, limits: DiscardLimits): Promise<void> {
  const { discardBytes = 1024 * 1024, discardMs = 5000 } = limits;
  return new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) return resolve();
    let bytes = 0;
    const done = (): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', done).off('close', done).pause();
      resolve();
    };
    let timer = setTimeout(done, discardMs);
    const onData = (chunk: Uint8Array): void => {
      bytes += chunk.byteLength;
      if (bytes <= discardBytes) return;
      request.off('data', onData).pause();
      clearTimeout(timer);
      timer = setTimeout(done, Math.min(LINGER_MS, discardMs));
    };
    // A reader that waits for `readable` keeps a stream from flowing.
    request.removeAllListeners('readable').unpipe();
    request.on('error', ignore).on('data', onData).on('end', done).on('close', done).resume();
  });
}

function ignore(): void {
  // A client that leaves now leaves no trace.
}
