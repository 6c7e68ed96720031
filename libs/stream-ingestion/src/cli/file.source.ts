import { close, fstat, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';

import type { ByteRange, PullSource } from '../contracts/index.js';
import { fileError, problemWith } from './file-error.js';

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);

export interface DescriptorReading {
  readonly fd: number;
  /** For messages. */
  readonly path: string;
  /** Default: from where the descriptor stands, to the end. */
  readonly range?: ByteRange | undefined;
  /** What the file was when it was opened: one that has changed at the end is refused. */
  readonly version?: Stats | undefined;
  /** Default: the descriptor is somebody else's. */
  readonly close?: boolean;
}

/** Opens a regular file (or a device that is read like one). */
export async function openFileToRead(path: string): Promise<{ readonly fd: number; readonly stats: Stats }> {
  let fd: number | undefined;
  try {
    fd = await openFile(path, 'r');
    return { fd, stats: await statFile(fd) };
  } catch (error) {
    if (fd !== undefined) await closeFile(fd);
    throw fileError('source.open', path, error, 'SOURCE_FAILED');
  }
}

/** Reads a descriptor of a file into the engine's buffers. What is appended meanwhile is not read. */
export class FileSource implements PullSource {
  readonly #reading: DescriptorReading;
  #position: number | null;
  #left: number;

  constructor(reading: DescriptorReading) {
    const { range, version } = reading;
    this.#reading = reading;
    this.#position = range?.start ?? null;
    // Files of length 0 may be ones that the kernel makes up while they are read.
    this.#left = range === undefined ? version?.size || Infinity : range.end - range.start + 1;
  }

  async pull(buffer: Uint8Array): Promise<number> {
    const { fd, path } = this.#reading;
    if (this.#left === 0) return this.#end();
    const bytes = await this.#read(fd, buffer, Math.min(buffer.byteLength, this.#left)).catch((error: unknown) => {
      throw fileError('source.read', path, error, 'SOURCE_FAILED');
    });
    if (this.#position !== null) this.#position += bytes;
    this.#left -= bytes;
    return bytes === 0 ? this.#end() : bytes;
  }

  async close(): Promise<void> {
    if (this.#reading.close) await closeFile(this.#reading.fd);
  }

  /** One promise a read, with nothing around it: this is the hot path. */
  #read(fd: number, buffer: Uint8Array, length: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(fd, buffer, 0, length, this.#position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
    });
  }

  async #end(): Promise<0> {
    const { fd, path, version } = this.#reading;
    if (version === undefined) return 0;
    const now = await statFile(fd);
    if (now.size === version.size && now.mtimeMs === version.mtimeMs) return 0;
    throw problemWith('source.read', path, 'changed while it was being read', 'SOURCE_FAILED');
  }
}
