import { StreamIngestionError, type ByteTransform, type Emit } from '../contracts/index.js';
import { requireInteger } from './option-checks.js';

export interface ByteLimitOptions {
  /** Most bytes that may pass, 0 or more. */
  readonly maxBytes: number;
}

/**
 * Passes bytes on unchanged and fails as soon as one more than `maxBytes` arrives; of the chunk with which that
 * happens nothing is passed on.
 *
 * Errors: INVALID_OPTION at construction; LIMIT_EXCEEDED while running, with `context.limit` and `context.maxBytes`.
 */
export function byteLimit(options: ByteLimitOptions): ByteTransform {
  return new ByteLimitTransform(requireInteger('byteLimit', 'maxBytes', options.maxBytes, 0));
}

class ByteLimitTransform implements ByteTransform {
  readonly name = 'byte-limit';
  readonly #maxBytes: number;
  #seenBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  transform(chunk: Uint8Array, emit: Emit): Promise<void> | void {
    this.#seenBytes += chunk.byteLength;
    if (this.#seenBytes > this.#maxBytes) {
      throw new StreamIngestionError('LIMIT_EXCEEDED', `more than ${this.#maxBytes} bytes`, {
        operation: 'byteLimit.transform',
        context: { limit: 'maxBytes', maxBytes: this.#maxBytes },
      });
    }
    return emit(chunk);
  }
}
