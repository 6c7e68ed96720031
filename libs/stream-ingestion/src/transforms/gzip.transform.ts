import { createGunzip, createGzip } from 'node:zlib';

import type { ByteTransform } from '../contracts/index.js';
import { CompressorTransform } from './compressor.transform.js';
import { DecompressionLimit, type DecompressionOptions } from './decompression-limit.js';
import { DecompressorTransform } from './decompressor.transform.js';
import { requireInteger } from './option-checks.js';
import { ZLIB_UNIT_BYTES } from './zlib-pump.js';

export interface DeflateOptions {
  /** 0 (store only) to 9 (smallest and slowest). Default: 6. */
  readonly level?: number;
}

/**
 * Compresses to one gzip member (RFC 1952). The work is done in the thread pool.
 *
 * Errors: INVALID_OPTION at construction.
 */
export function gzip(options: DeflateOptions = {}): ByteTransform {
  const level = requireInteger('gzip', 'level', options.level ?? 6, 0, 9);
  return new CompressorTransform('gzip', () => createGzip({ level, chunkSize: ZLIB_UNIT_BYTES }));
}

/**
 * Decompresses gzip (RFC 1952), any number of members one after the other (2.2). The input has to end with a member:
 * padding after the last one, zeros too, is refused.
 *
 * Errors: INVALID_OPTION at construction; LIMIT_EXCEEDED as soon as more than allowed comes out, which is not handed
 * on; MALFORMED_INPUT for an input that is empty, cut short, damaged or longer than its data. Damage may show only
 * after bytes were handed on, at the latest with the check value at the end.
 */
export function gunzip(options: DecompressionOptions = {}): ByteTransform {
  const limit = new DecompressionLimit('gunzip', 'gunzip', options);
  return new DecompressorTransform('gunzip', limit, () => createGunzip({ chunkSize: ZLIB_UNIT_BYTES }));
}
