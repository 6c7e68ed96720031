import { StreamIngestionError } from '../contracts/index.js';

export interface Preconditions {
  readonly ifNoneMatch?: '*';
  readonly ifMatch?: string;
}

/**
 * Holds the conditions of a write or a deletion against what is stored now.
 *
 * @param currentEtag of the object under the key; undefined where there is none.
 * @throws PRECONDITION_FAILED
 */
export function requirePreconditions(
  { ifNoneMatch, ifMatch }: Preconditions,
  currentEtag: string | undefined,
  operation: string,
): void {
  if (ifNoneMatch === '*' && currentEtag !== undefined) {
    throw preconditionFailed('an object of that key exists', operation);
  }
  if (ifMatch === undefined) return;
  if (currentEtag === undefined) throw preconditionFailed('there is no object of that key', operation);
  if (ifMatch !== '*' && ifMatch !== currentEtag) {
    throw preconditionFailed('the object is another version by now', operation);
  }
}

function preconditionFailed(message: string, operation: string): StreamIngestionError {
  return new StreamIngestionError('PRECONDITION_FAILED', message, { operation });
}
