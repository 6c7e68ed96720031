import { parseParameters } from './parameters.js';

/** A media type (RFC 9110, 8.3.1). */
export interface MediaType {
  /** Type and subtype, in lower case: `multipart/form-data`. */
  readonly essence: string;
  /** By name, in lower case; values as they were sent. */
  readonly parameters: ReadonlyMap<string, string>;
}

const ESSENCE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,127}\/[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,127}/;

/** The media type of a `Content-Type` field, or undefined where its value is none. */
export function parseMediaType(value: string): MediaType | undefined {
  const essence = ESSENCE.exec(value)?.[0];
  if (essence === undefined) return undefined;
  const parameters = parseParameters(value, essence.length, (quoted) => quoted.replace(/\\([^])/g, '$1'));
  return parameters === undefined ? undefined : { essence: essence.toLowerCase(), parameters };
}
