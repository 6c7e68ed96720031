import { StreamIngestionError } from '../../contracts/index.js';

/** @throws SOURCE_FAILED for a chunk that is not bytes: text, or an object. */
export function assertBytes(chunk: unknown): asserts chunk is Uint8Array {
  if (chunk instanceof Uint8Array) return;
  const found = typeof chunk === 'object' ? 'an object' : `a ${typeof chunk}`;
  throw new StreamIngestionError(
    'SOURCE_FAILED',
    `a source must give bytes (Uint8Array or Buffer), but it gave ${found}; a Readable must have no encoding set`,
    { operation: 'source.read', retry: 'never' },
  );
}
