import type { Digests, IngestionReport, StoredObject } from '../../contracts/index.js';

/** The report of an upload as JSON. */
export interface ObjectReport {
  readonly transferId: string;
  readonly store?: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly created: boolean;
  readonly lastModified: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly digests: Digests;
  readonly transfer: Omit<IngestionReport, 'id' | 'direction' | 'result' | 'startedAt' | 'digests'> & {
    readonly startedAt: string;
  };
}

export function objectReportOf(report: IngestionReport<StoredObject>, store?: string): ObjectReport {
  const { id, direction: _direction, result, startedAt, digests: _digests, ...transfer } = report;
  const { key, size, etag, created, lastModified, contentType, contentEncoding, digests } = result;
  return {
    transferId: id,
    ...(store === undefined ? {} : { store }),
    key,
    size,
    etag,
    created,
    lastModified: lastModified.toISOString(),
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    digests,
    transfer: { ...transfer, startedAt: startedAt.toISOString() },
  };
}
