import { constants, createWriteStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

import { fileError } from './file-error.js';

const STDOUT = 1;

/** Standard output as a stream that never blocks the process, so that a signal is heard while the reader sleeps. */
export function openStdout(): Writable {
  if (isatty(STDOUT)) return process.stdout;
  const stats = fstatSync(STDOUT);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: STDOUT, readable: false, writable: true });
  return createWriteStream('', { fd: STDOUT, autoClose: false });
}

/** @throws STORE_UNAVAILABLE, SINK_FAILED (also where nobody reads the pipe). */
export function openPipe(path: string): Writable {
  try {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: false, writable: true });
  } catch (error) {
    throw fileError('destination.open', path, error, 'SINK_FAILED');
  }
}

export function openDevice(path: string): Writable {
  return createWriteStream(path);
}
