import { createDeflate, createInflate } from 'node:zlib';

import type { ByteTransform } from '../contracts/index.js';
import { CompressorTransform } from './compressor.transform.js';
import { DecompressionLimit, type DecompressionOptions } from './decompression-limit.js';
import { DecompressorTransform } from './decompressor.transform.js';
import type { DeflateOptions } from './gzip.transform.js';
import { requireInteger } from './option-checks.js';
import { ZLIB_UNIT_BYTES } from './zlib-pump.js';

/**
 * Compresses to the zlib format (RFC 1950), which is what HTTP calls `deflate` (RFC 9110, 8.4.1.2). The work is done
 * in the thread pool.
 *
 * Errors: INVALID_OPTION at construction.
 */
export function deflate(options: DeflateOptions = {}): ByteTransform {
  const level = requireInteger('deflate', 'level', options.level ?? 6, 0, 9);
  return new CompressorTransform('deflate', () => createDeflate({ level, chunkSize: ZLIB_UNIT_BYTES }));
}

/**
 * Decompresses the zlib format (RFC 1950); not the bare deflate data (RFC 1951) that some clients send by mistake.
 *
 * Errors: as with `gunzip`.
 */
export function inflate(options: DecompressionOptions = {}): ByteTransform {
  const limit = new DecompressionLimit('inflate', 'inflate', options);
  return new DecompressorTransform('inflate', limit, () => createInflate({ chunkSize: ZLIB_UNIT_BYTES }));
}
