import type { IncomingMessage } from 'node:http';

import type { Transform } from 'nestjs-stream-ingestion/contracts';
import { throttle, TokenBucket } from 'nestjs-stream-ingestion/transforms';

import { ClientBuckets } from './client-buckets.js';

export interface BandwidthOptions {
  /** Bytes a second of all transfers together, both directions; undefined: no limit. */
  readonly total: number | undefined;
  /** Bytes a second of all transfers of one client address, both directions; undefined: no limit. */
  readonly perClient: number | undefined;
}

/** Holds transfers to the byte rates of the service. */
export class BandwidthLimits {
  readonly #total: TokenBucket | undefined;
  readonly #clients: ClientBuckets | undefined;

  constructor({ total, perClient }: BandwidthOptions) {
    this.#total = total === undefined ? undefined : new TokenBucket({ bytesPerSecond: total });
    this.#clients = perClient === undefined ? undefined : new ClientBuckets(perClient);
  }

  /** What one transfer of that request is to go through, in either direction. */
  transformsFor(request: Pick<IncomingMessage, 'socket'>): Transform[] {
    const client = this.#clients?.bucketOf(request.socket.remoteAddress ?? '');
    return [client, this.#total].filter((bucket) => bucket !== undefined).map((bucket) => throttle({ bucket }));
  }
}
