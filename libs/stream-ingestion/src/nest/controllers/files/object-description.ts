import type { IngestionReport, ObjectInfo, StoredObject } from '../../../contracts/index.js';

/** An object as JSON. */
export interface ObjectDescription extends Omit<ObjectInfo, 'lastModified'> {
  /** ISO 8601. */
  readonly lastModified: string;
  /** Path of the object. */
  readonly location: string;
}

/** An upload as JSON: the object, and how it came. */
export interface UploadDescription extends ObjectDescription {
  readonly created: boolean;
  readonly transfer: Omit<IngestionReport, 'direction' | 'result' | 'startedAt'> & { readonly startedAt: string };
}

export function describeObject(object: ObjectInfo, location: string): ObjectDescription {
  return { ...object, lastModified: object.lastModified.toISOString(), location };
}

export function describeUpload(report: IngestionReport<StoredObject>, location: string): UploadDescription {
  const { direction: _direction, result, startedAt, ...transfer } = report;
  return {
    ...describeObject(result, location),
    created: result.created,
    transfer: { ...transfer, startedAt: startedAt.toISOString() },
  };
}
