import type { ByteTransform, Emit, Transform, TransformResult } from '../contracts/index.js';
import { TransformChain } from '../engine/index.js';

export interface AutoOffloadedTransformParts {
  readonly name: string;
  /** Bytes up to which the work is done here. */
  readonly thresholdBytes: number;
  readonly load: () => Promise<readonly Transform[]>;
  readonly offload: () => ByteTransform;
}

/**
 * Keeps the first bytes until it is known whether there are more than the threshold: then a worker gets them all,
 * else the transforms run here, at the end.
 */
export class AutoOffloadedTransform implements ByteTransform {
  readonly name: string;
  readonly #parts: AutoOffloadedTransformParts;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #offloaded: ByteTransform | undefined;
  #chain: TransformChain | undefined;
  #result: TransformResult = {};

  constructor(parts: AutoOffloadedTransformParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  async transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    if (this.#offloaded === undefined) {
      this.#headBytes += chunk.byteLength;
      if (this.#headBytes <= this.#parts.thresholdBytes) {
        this.#head.push(Uint8Array.from(chunk));
        return;
      }
      this.#offloaded = this.#parts.offload();
      for (const piece of this.#head.splice(0)) await this.#offloaded.transform(piece, emit, signal);
    }
    await this.#offloaded.transform(chunk, emit, signal);
  }

  async flush(emit: Emit, signal: AbortSignal): Promise<void> {
    if (this.#offloaded !== undefined) return this.#offloaded.flush?.(emit, signal);
    const transforms = await this.#parts.load();
    const chain = new TransformChain(transforms, (chunk) => emit(chunk), {
      signal,
      meter: { bytesTransformed: 0 },
      isReused: () => false,
      // What is emitted may be read for longer than is known here: never given back.
      borrow: () => undefined,
      release: () => undefined,
    });
    this.#chain = chain;
    signal.throwIfAborted();
    for (const piece of this.#head.splice(0)) await chain.push(piece);
    await chain.flush();
    const reports = chain.reports();
    this.#result = {
      digests: Object.assign({}, ...reports.map((report) => report.digests)) as NonNullable<TransformResult['digests']>,
      facts: {
        ...(Object.assign({}, ...reports.map((report) => report.facts)) as TransformResult['facts']),
        offloaded: false,
      },
    };
  }

  result(): TransformResult {
    return this.#offloaded?.result?.() ?? this.#result;
  }

  destroy(reason?: unknown): void {
    this.#head = [];
    this.#offloaded?.destroy?.(reason);
    this.#chain?.destroy(reason);
  }
}
