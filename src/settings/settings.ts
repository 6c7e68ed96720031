export const HTTP_ADAPTERS = ['express', 'fastify'] as const;
export type HttpAdapterName = (typeof HTTP_ADAPTERS)[number];

/** Stores that this service can be started with. */
export const STORE_NAMES = ['fs'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** Everything that can be set from outside, read once at the start. Undefined means: no limit. */
export interface Settings {
  /** Default 3000; 0 takes any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host: string;
  /** Absolute. Default: `data` in the working directory. */
  readonly dataDir: string;
  readonly defaultStore: StoreName;
  readonly maxUploadBytes: number | undefined;
  /** Default 256. */
  readonly maxConcurrentTransfers: number;
  /** Default 60,000; 0 switches it off. */
  readonly idleTimeoutMs: number;
  /** Bytes a second of all transfers together, both directions. */
  readonly bandwidthLimit: number | undefined;
  /** Bytes a second of all transfers of one client address, both directions. */
  readonly bandwidthLimitPerClient: number | undefined;
  /** Default 0: after the first signal, how long new transfers are still taken while readiness says 503. */
  readonly shutdownDrainDelayMs: number;
  /** Default 25,000: then, how long running transfers may go on before they are aborted. */
  readonly shutdownGraceMs: number;
  readonly httpAdapter: HttpAdapterName;
}
