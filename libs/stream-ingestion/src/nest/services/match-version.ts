import { StreamIngestionError, isStreamIngestionError, type Store } from '../../contracts/index.js';

/**
 * The one version to replace: `If-Match` may list several, while a store holds one against concurrent writers.
 *
 * @throws PRECONDITION_FAILED where the object has none of the versions.
 */
export async function matchVersion(
  store: Store,
  key: string,
  ifMatch: string | readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (ifMatch === undefined || typeof ifMatch === 'string') return ifMatch;
  const [only] = ifMatch;
  if (ifMatch.length === 1) return only;
  const current = await currentVersion(store, key, signal);
  if (current !== undefined && ifMatch.includes(current)) return current;
  throw new StreamIngestionError('PRECONDITION_FAILED', 'the object has none of the versions that were asked for', {
    operation: 'store.match',
    context: { key },
  });
}

async function currentVersion(store: Store, key: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const source = await store.open(key, signal);
    try {
      return (await source.stat(signal)).etag;
    } finally {
      await source.close();
    }
  } catch (error) {
    if (isStreamIngestionError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
