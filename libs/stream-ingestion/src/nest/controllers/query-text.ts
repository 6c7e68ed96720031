import { StreamIngestionError } from '../../contracts/index.js';

/** A query parameter that may be there once. @throws MALFORMED_INPUT where it is there twice, or is no plain text. */
export function queryText(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new StreamIngestionError('MALFORMED_INPUT', `the query parameter ${name} must be there once at most`, {
    operation: 'http.query',
    context: { parameter: name },
  });
}

/** A query parameter that is a whole number. @throws MALFORMED_INPUT */
export function queryNumber(name: string, value: unknown): number | undefined {
  const text = queryText(name, value);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new StreamIngestionError('MALFORMED_INPUT', `the query parameter ${name} must be a whole number`, {
    operation: 'http.query',
    context: { parameter: name },
  });
}
