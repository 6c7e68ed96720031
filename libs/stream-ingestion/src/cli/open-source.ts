import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';

import type { ByteSource } from '../contracts/index.js';
import { fileError, problemWith } from './file-error.js';
import { FileSource, openFileToRead } from './file.source.js';
import { openHttp } from './http.source.js';
import type { Location } from './location.js';
import { resolveRange, type RangeRequest } from './range-option.js';

export interface OpenedSource {
  readonly source: ByteSource;
  /** Where it is known beforehand. */
  readonly totalBytes: number | undefined;
}

/** Opens what bytes are read from; whoever gets it hands it to the engine, which closes it. */
export async function openSource(
  location: Location,
  range: RangeRequest | undefined,
  signal: AbortSignal,
): Promise<OpenedSource> {
  signal.throwIfAborted();
  if (location.kind === 'stdio') return openStdin();
  if (location.kind === 'http') return openHttp(location.url, range, signal);
  return openPath(location.path, range);
}

function openStdin(): OpenedSource {
  // Redirected from a file it can be read in large pieces; a pipe must not block a thread that nothing could wake.
  const source = fstatSync(0).isFile() ? new FileSource({ fd: 0, path: 'stdin' }) : process.stdin;
  return { source, totalBytes: undefined };
}

async function openPath(path: string, range: RangeRequest | undefined): Promise<OpenedSource> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError('source.open', path, error, 'SOURCE_FAILED');
  });
  if (found.isDirectory()) throw problemWith('source.open', path, 'is a directory', 'KEY_CONFLICT');
  if (!found.isFile() && range !== undefined) {
    throw problemWith('source.open', path, 'is not a regular file and has no ranges', 'UNSUPPORTED');
  }
  if (found.isFIFO()) return { source: openNamedPipe(path), totalBytes: undefined };
  const { fd, stats } = await openFileToRead(path);
  if (!stats.isFile()) return { source: new FileSource({ fd, path, close: true }), totalBytes: undefined };
  try {
    const bytes = range === undefined ? undefined : resolveRange(range, stats.size);
    return {
      source: new FileSource({ fd, path, range: bytes, version: stats, close: true }),
      totalBytes: bytes === undefined ? stats.size || undefined : bytes.end - bytes.start + 1,
    };
  } catch (error) {
    closeSync(fd);
    throw fileError('source.open', path, error, 'SOURCE_FAILED');
  }
}

/** Without blocking, so that waiting for whoever writes to it can be interrupted. */
function openNamedPipe(path: string): Socket {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  } catch (error) {
    throw fileError('source.open', path, error, 'SOURCE_FAILED');
  }
}
