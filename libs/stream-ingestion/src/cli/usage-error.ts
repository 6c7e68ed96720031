import { StreamIngestionError } from '../contracts/index.js';

/** What was typed makes no sense: exit code 2. Thrown only before anything was opened. */
export function usageError(message: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', message, { operation: 'cli.usage' });
}
