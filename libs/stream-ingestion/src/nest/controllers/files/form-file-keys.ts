import type { FormFields, FormFile } from '../../services/multipart/multipart-ingestion.js';

/**
 * Names the files of one form: by a `key` field since the file before it, else by the latest `prefix` field and the
 * file's own name. A file with neither name is an input that was left empty, and has none.
 */
export function formFileKeys(): (file: FormFile, fields: FormFields) => string | undefined {
  let used = 0;
  return ({ filename }, fields) => {
    const keys = fields.get('key') ?? [];
    if (keys.length > used) {
      used = keys.length;
      return keys.at(-1);
    }
    return filename === undefined ? undefined : `${fields.get('prefix')?.at(-1) ?? ''}${filename}`;
  };
}
