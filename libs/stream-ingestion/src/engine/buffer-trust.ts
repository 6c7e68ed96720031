import type { Writable } from 'node:stream';

/** Whether somebody put a `write` of their own over the one of the stream's class. */
export function isWriteWrapped(destination: Writable): boolean {
  return Object.hasOwn(destination, 'write');
}

/**
 * Whether a destination has copied, or handed to the kernel, a chunk by the time that its write calls back. True for
 * HTTP responses, sockets and file streams. A PassThrough calls back while it still holds the chunk, and who knows
 * what a wrapped `write` does.
 *
 * Known by their shape: the classes would have to be loaded (half a megabyte each) just to ask.
 */
export function copiesByCallback(destination: Writable): boolean {
  if (isWriteWrapped(destination)) return false;
  const isResponse = hasMethod(destination, 'writeHead') && hasMethod(destination, 'getHeader');
  const isSocket = hasMethod(destination, 'setNoDelay') && hasMethod(destination, 'setKeepAlive');
  const isFile = 'fd' in destination && 'bytesWritten' in destination;
  return isResponse || isSocket || isFile;
}

function hasMethod(target: object, name: string): boolean {
  return typeof (target as Record<string, unknown>)[name] === 'function';
}
