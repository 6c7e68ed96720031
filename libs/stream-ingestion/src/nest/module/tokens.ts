/** Token of the resolved options. */
export const RESOLVED_OPTIONS = Symbol('nestjs-stream-ingestion.options');

/** Token of the store of that name; without a name, of the default store. */
export function getStoreToken(name?: string): string {
  return name === undefined ? 'StreamIngestionDefaultStore' : `StreamIngestionStore:${name}`;
}

/** Token of the sink factory of that name. */
export function getSinkToken(name: string): string {
  return `StreamIngestionSink:${name}`;
}
