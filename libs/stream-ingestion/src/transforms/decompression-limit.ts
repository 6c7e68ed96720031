import { StreamIngestionError } from '../contracts/index.js';
import { refuseOption, requireInteger } from './option-checks.js';

const DEFAULT_MAX_RATIO = 200;
const DEFAULT_RATIO_FLOOR_BYTES = 8 * 1024 * 1024;

/** Keeps a small input from becoming an endless output. Counted while output is produced, so that a bomb stops early. */
export interface DecompressionOptions {
  /** Most bytes that may come out, 0 or more. Default: no limit but the ratio. */
  readonly maxOutputBytes?: number;
  /**
   * Most bytes that may come out for one that went in, over all so far; 1 or more, `Infinity` for any. Text seldom
   * passes 20, the deflate format cannot pass 1,032, brotli has no bound. Default: 200.
   */
  readonly maxRatio?: number;
  /** Output up to which the ratio does not matter, 0 or more: small files of one repeated byte are legitimate. Default: 8 MiB. */
  readonly ratioFloorBytes?: number;
}

/** Counts the output of one decompression against its limits. */
export class DecompressionLimit {
  readonly #codec: string;
  readonly #maxOutputBytes: number;
  readonly #maxRatio: number;
  readonly #ratioFloorBytes: number;
  #outputBytes = 0;

  /** @throws INVALID_OPTION for a limit out of its bounds. */
  constructor(codec: string, factory: string, options: DecompressionOptions) {
    const { maxOutputBytes, maxRatio = DEFAULT_MAX_RATIO, ratioFloorBytes = DEFAULT_RATIO_FLOOR_BYTES } = options;
    if (typeof maxRatio !== 'number' || !(maxRatio >= 1)) {
      refuseOption(factory, 'maxRatio', 'a number of 1 or more', maxRatio);
    }
    this.#codec = codec;
    this.#maxRatio = maxRatio;
    this.#maxOutputBytes =
      maxOutputBytes === undefined ? Infinity : requireInteger(factory, 'maxOutputBytes', maxOutputBytes, 0);
    this.#ratioFloorBytes = requireInteger(factory, 'ratioFloorBytes', ratioFloorBytes, 0);
  }

  /** @throws LIMIT_EXCEEDED where `bytes` more are too many for the `inputBytes` that were consumed. */
  count(bytes: number, inputBytes: number): void {
    this.#outputBytes += bytes;
    if (this.#outputBytes > this.#maxOutputBytes) {
      throw this.#exceeded('maxOutputBytes', this.#maxOutputBytes, inputBytes, 'bytes come out');
    }
    if (this.#outputBytes > this.#ratioFloorBytes && this.#outputBytes > inputBytes * this.#maxRatio) {
      throw this.#exceeded('maxRatio', this.#maxRatio, inputBytes, 'bytes come out for one that went in');
    }
  }

  #exceeded(limit: string, value: number, inputBytes: number, what: string): StreamIngestionError {
    return new StreamIngestionError('LIMIT_EXCEEDED', `${this.#codec}: more than ${value} ${what}`, {
      operation: `${this.#codec}.transform`,
      context: { limit, [limit]: value, inputBytes, outputBytes: this.#outputBytes },
    });
  }
}
