import { StreamIngestionError, type ByteTransform, type Emit } from '../contracts/index.js';
import { ZlibPump, type ZlibStream } from './zlib-pump.js';

/** The compressing half of every codec; what differs is the stream. */
export class CompressorTransform implements ByteTransform {
  readonly name: string;
  readonly #pump: ZlibPump;

  constructor(name: string, open: () => ZlibStream) {
    this.name = name;
    const operation = `${name}.transform`;
    this.#pump = new ZlibPump({
      operation,
      open,
      explain: (cause) =>
        new StreamIngestionError('TRANSFORM_FAILED', `${name}: cannot compress`, { operation, cause }),
    });
  }

  transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#pump.write(chunk, emit, signal);
  }

  flush(emit: Emit, signal: AbortSignal): Promise<void> {
    return this.#pump.end(emit, signal);
  }

  destroy(reason?: unknown): void {
    this.#pump.destroy(reason);
  }
}
