import type { TransferReport } from '../../../contracts/index.js';
import type { TransferEntry } from '../../../engine/index.js';

/** A transfer as JSON. */
export interface TransferDescription extends Omit<TransferEntry, 'startedAt' | 'report'> {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly report?: Omit<TransferReport, 'startedAt'> & { readonly startedAt: string };
}

export function describeTransfer({ startedAt, report, ...entry }: TransferEntry): TransferDescription {
  return {
    ...entry,
    startedAt: startedAt.toISOString(),
    ...(report === undefined ? {} : { report: describeReport(report) }),
  };
}

/** What an ingestion returned to its caller is the caller's; the report here is about the transfer. */
function describeReport({
  startedAt,
  ...report
}: TransferReport & { readonly result?: unknown }): NonNullable<TransferDescription['report']> {
  const { result: _result, ...rest } = report;
  return { ...rest, startedAt: startedAt.toISOString() };
}
