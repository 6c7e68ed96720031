import type { StreamIngestionError, TransferReport } from '../contracts/index.js';

/** How one source fared. */
export interface TransferRecord {
  /** As it was named, without secrets. */
  readonly source: string;
  readonly destination: string;
  readonly toStdout: boolean;
  readonly report: TransferReport;
  /** Absent where it completed. */
  readonly failure?: StreamIngestionError;
}

/** Whoever reads standard output had enough; no failure to speak of. */
export function readerHadEnough({ toStdout, failure }: TransferRecord): boolean {
  return toStdout && failure?.code === 'DESTINATION_CLOSED';
}

/** What `--json` prints: one line. */
export function jsonLine({ source, destination, report }: TransferRecord): string {
  return `${JSON.stringify({ source, destination, ...report })}\n`;
}
