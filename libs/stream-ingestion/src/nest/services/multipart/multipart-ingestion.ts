import type { IngestionReport, StoredObject } from '../../../contracts/index.js';
import type { MultipartFile } from '../../../http/index.js';
import type { IngestTarget } from '../ingest-target.js';

/** The fields of a form, in the order in which they came: every value of each name. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/** A file of a form that is about to be read. */
export type FormFile = Omit<MultipartFile, 'kind' | 'source'>;

/**
 * Says where a file goes, or nothing: then it is skipped.
 *
 * @param fields those that came before the file.
 */
export type FileTarget = (
  file: FormFile,
  fields: FormFields,
) => IngestTarget | undefined | Promise<IngestTarget | undefined>;

/** What came of a form. */
export interface MultipartIngestion {
  /** One for each file that was stored, in the order in which they came. */
  readonly reports: readonly IngestionReport<StoredObject>[];
  readonly fields: FormFields;
}
