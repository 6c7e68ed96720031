import { StreamIngestionError, type CreateSinkOptions, type ObjectMetadata } from '../contracts/index.js';

const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What is kept with an object besides its bytes. */
export interface ObjectAttributes {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly metadata: ObjectMetadata;
}

/**
 * Checks and copies the attributes of a new object, so that later changes by the caller do not reach it.
 *
 * @throws INVALID_OPTION for control characters in a content type or coding, metadata names that are empty or not lower
 * case, and text that is not well-formed.
 */
export function resolveObjectAttributes(options: CreateSinkOptions): ObjectAttributes {
  const { contentType, contentEncoding, metadata = {} } = options;
  if (contentType !== undefined) requireFieldText('contentType', contentType);
  if (contentEncoding !== undefined) requireFieldText('contentEncoding', contentEncoding);
  const entries = Object.entries(metadata);
  for (const [name, value] of entries) requireMetadataEntry(name, value);
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    // fromEntries defines own properties, also one called __proto__.
    metadata: Object.freeze(Object.fromEntries(entries)),
  };
}

function requireFieldText(option: string, value: string): void {
  if (typeof value !== 'string' || CONTROL_CHARACTER.test(value) || LONE_SURROGATE.test(value)) {
    throw invalid(`${option} must be text without control characters`);
  }
}

function requireMetadataEntry(name: string, value: string): void {
  if (name === '' || name !== name.toLowerCase() || LONE_SURROGATE.test(name)) {
    throw invalid('metadata: names must be lower case, well-formed and not empty');
  }
  if (typeof value !== 'string' || LONE_SURROGATE.test(value)) {
    throw invalid('metadata: values must be well-formed text');
  }
}

function invalid(message: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', message, { operation: 'store.createSink' });
}
