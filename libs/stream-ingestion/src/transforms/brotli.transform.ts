import { constants, createBrotliCompress, createBrotliDecompress } from 'node:zlib';

import type { ByteTransform } from '../contracts/index.js';
import { CompressorTransform } from './compressor.transform.js';
import { DecompressionLimit, type DecompressionOptions } from './decompression-limit.js';
import { DecompressorTransform } from './decompressor.transform.js';
import { requireInteger } from './option-checks.js';
import { ZLIB_UNIT_BYTES } from './zlib-pump.js';

export interface BrotliCompressOptions {
  /** 0 (fastest) to 11 (smallest; a hundred times slower than 4, which is about as fast as gzip). Default: 4. */
  readonly quality?: number;
  /** Base-2 logarithm of the window, 10 to 24; memory grows with it. Default: 22, which is 4 MiB. */
  readonly windowBits?: number;
}

/**
 * Compresses to brotli (RFC 7932). The work is done in the thread pool.
 *
 * Errors: INVALID_OPTION at construction.
 */
export function brotliCompress(options: BrotliCompressOptions = {}): ByteTransform {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: requireInteger('brotliCompress', 'quality', options.quality ?? 4, 0, 11),
    [constants.BROTLI_PARAM_LGWIN]: requireInteger('brotliCompress', 'windowBits', options.windowBits ?? 22, 10, 24),
  };
  return new CompressorTransform('brotli-compress', () => createBrotliCompress({ params, chunkSize: ZLIB_UNIT_BYTES }));
}

/**
 * Decompresses brotli (RFC 7932); not its large-window extension, so that the window is 16 MiB at most.
 *
 * Errors: as with `gunzip`.
 */
export function brotliDecompress(options: DecompressionOptions = {}): ByteTransform {
  const limit = new DecompressionLimit('brotli-decompress', 'brotliDecompress', options);
  return new DecompressorTransform('brotli-decompress', limit, () =>
    createBrotliDecompress({ chunkSize: ZLIB_UNIT_BYTES }),
  );
}
