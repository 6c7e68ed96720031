import { TokenBucket } from 'nestjs-stream-ingestion/transforms';

/**
 * A byte rate of its own for each client, shared by all its transfers. A bucket lives as long as a transfer uses it,
 * and a while longer, until memory is collected: whoever makes many small requests does not get a full one each time.
 */
export class ClientBuckets {
  readonly #bytesPerSecond: number;
  readonly #buckets = new Map<string, WeakRef<TokenBucket>>();
  readonly #collected = new FinalizationRegistry<string>((client) => {
    // By now the client may have come again and have another one.
    if (this.#buckets.get(client)?.deref() === undefined) this.#buckets.delete(client);
  });

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  bucketOf(client: string): TokenBucket {
    const known = this.#buckets.get(client)?.deref();
    if (known !== undefined) return known;
    const bucket = new TokenBucket({ bytesPerSecond: this.#bytesPerSecond });
    this.#buckets.set(client, new WeakRef(bucket));
    this.#collected.register(bucket, client);
    return bucket;
  }
}
