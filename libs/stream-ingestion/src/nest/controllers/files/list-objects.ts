import {
  isStreamIngestionError,
  StreamIngestionError,
  type ListOptions,
  type Store,
} from '../../../contracts/index.js';
import { describeObject, type ObjectDescription } from './object-description.js';

/** One page of a listing as JSON. */
export interface ObjectList {
  readonly objects: readonly ObjectDescription[];
  /** For the `cursor` parameter of the next page; absent on the last. */
  readonly nextCursor?: string;
}

/** @throws MALFORMED_INPUT for a limit or cursor that the store does not take: here they are a client's words. */
export async function listObjects(
  store: Store,
  page: ListOptions,
  locationOf: (key: string) => string,
): Promise<ObjectList> {
  try {
    const { objects, nextCursor } = await store.list(page);
    return {
      objects: objects.map((object) => describeObject(object, locationOf(object.key))),
      ...(nextCursor === undefined ? {} : { nextCursor }),
    };
  } catch (error) {
    if (!isStreamIngestionError(error) || error.code !== 'INVALID_OPTION') throw error;
    throw new StreamIngestionError('MALFORMED_INPUT', error.message, { operation: 'files.list', cause: error });
  }
}
