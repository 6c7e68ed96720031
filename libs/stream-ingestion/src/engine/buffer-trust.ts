import { WriteStream } from 'node:fs';
import { ServerResponse } from 'node:http';
import { Http2ServerResponse } from 'node:http2';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** Whether somebody put a `write` of their own over the one of the stream's class. */
export function isWriteWrapped(destination: Writable): boolean {
  return Object.hasOwn(destination, 'write');
}

/**
 * Whether a destination has copied, or handed to the kernel, a chunk by the time that its write calls back. A wrapper
 * around `write` (a compressing middleware, say) may drop the callback or keep the chunk, and a PassThrough calls back
 * while it still holds it.
 */
export function copiesByCallback(destination: Writable): boolean {
  if (isWriteWrapped(destination)) return false;
  const stream: unknown = destination;
  return (
    stream instanceof ServerResponse ||
    stream instanceof Socket ||
    stream instanceof WriteStream ||
    stream instanceof Http2ServerResponse
  );
}
