import type { StreamIngestionError, TransferReport } from '../contracts/index.js';

/** How one source fared. */
export interface TransferRecord {
  /** As it was named, without secrets. */
  readonly source: string;
  readonly destination: string;
  readonly report: TransferReport;
  /** Absent where it completed. */
  readonly failure?: StreamIngestionError;
}

/** Whoever reads standard output had enough; no failure to speak of. */
export function readerHadEnough({ destination, failure }: TransferRecord): boolean {
  return destination === 'stdout' && failure?.code === 'DESTINATION_CLOSED';
}

/** What `--json` prints: one line. */
export function jsonLine({ source, destination, report }: TransferRecord): string {
  return `${JSON.stringify({ source, destination, ...report })}\n`;
}
