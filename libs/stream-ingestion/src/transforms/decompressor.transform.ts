import { StreamIngestionError, type ByteTransform, type Emit } from '../contracts/index.js';
import type { DecompressionLimit } from './decompression-limit.js';
import { ZlibPump, type ZlibStream } from './zlib-pump.js';

// The codes with which zlib and brotli say that they had no memory; every other one is about the data.
const OUT_OF_MEMORY = /MEM|ALLOC|INITIALIZATION/;

/**
 * The decompressing half of every codec; what differs is the stream and its limits. The data has to end exactly where
 * the input does.
 */
export class DecompressorTransform implements ByteTransform {
  readonly name: string;
  readonly #pump: ZlibPump;
  readonly #limit: DecompressionLimit;

  constructor(name: string, limit: DecompressionLimit, open: () => ZlibStream) {
    this.name = name;
    this.#limit = limit;
    this.#pump = new ZlibPump({ operation: `${name}.transform`, open, explain: (cause) => this.#explain(cause) });
  }

  transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#run((counted) => this.#pump.write(chunk, counted, signal), emit);
  }

  flush(emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#run((counted) => this.#pump.end(counted, signal), emit);
  }

  destroy(reason?: unknown): void {
    this.#pump.destroy(reason);
  }

  async #run(step: (counted: Emit) => Promise<void>, emit: Emit): Promise<void> {
    await step((output) => {
      this.#limit.count(output.byteLength, this.#pump.consumedBytes);
      return emit(output);
    });
    if (this.#pump.refusedBytes > 0) throw this.#malformed('there is something after the end of the compressed data');
  }

  #explain(cause: unknown): StreamIngestionError {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (OUT_OF_MEMORY.test(code)) {
      return new StreamIngestionError('TRANSFORM_FAILED', `${this.name}: no memory to decompress`, {
        operation: `${this.name}.transform`,
        retry: 'maybe',
        cause,
      });
    }
    if (code === 'Z_BUF_ERROR') return this.#malformed('the input ends before the compressed data does', cause);
    return this.#malformed('the input is damaged, or of another format', cause);
  }

  #malformed(what: string, cause?: unknown): StreamIngestionError {
    return new StreamIngestionError('MALFORMED_INPUT', `${this.name}: ${what}`, {
      operation: `${this.name}.transform`,
      context: { inputBytes: this.#pump.consumedBytes },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
