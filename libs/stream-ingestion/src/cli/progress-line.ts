import { formatBytes, formatClock } from './human-units.js';
import { printable } from './printable.js';

export interface ProgressLook {
  readonly label: string;
  readonly bytes: number;
  /** Where it is known. */
  readonly totalBytes: number | undefined;
  readonly bytesPerSecond: number;
  readonly elapsedMs: number;
}

const LEAST_BAR = 10;
const MOST_BAR = 40;
// So much of the name comes before there is a bar.
const LABEL_BEFORE_BAR = 20;
const GAP = 2;

/** One line that fits `columns`: ` 45% [====>     ] 1.20 GiB of 2.70 GiB  610 MiB/s  0:02 left  name`. */
export function progressLine(look: ProgressLook, columns: number): string {
  const { bytes, totalBytes, bytesPerSecond, elapsedMs } = look;
  // The last column stays empty: some terminals wrap as soon as it is taken.
  const room = Math.max(0, columns - 1);
  const rate = `${formatBytes(bytesPerSecond)}/s`;
  if (totalBytes === undefined) {
    return fit([formatBytes(bytes), rate, formatClock(elapsedMs / 1000)].join('  '), look.label, room);
  }
  const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const left = bytesPerSecond > 0 ? formatClock((totalBytes - bytes) / bytesPerSecond) : '-:--';
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const facts = `${formatBytes(bytes)} of ${formatBytes(totalBytes)}  ${rate}  ${left} left`;
  const labelRoom = Math.min(look.label.length, LABEL_BEFORE_BAR) + GAP;
  const barRoom = Math.min(MOST_BAR, room - percent.length - facts.length - labelRoom - ' [] '.length);
  const bar = barRoom < LEAST_BAR ? ' ' : ` ${drawBar(share, barRoom)} `;
  return fit(`${percent}${bar}${facts}`, look.label, room);
}

function drawBar(share: number, width: number): string {
  const full = Math.floor(share * width);
  const head = full < width ? '>' : '';
  return `[${'='.repeat(full)}${head}${' '.repeat(width - full - head.length)}]`;
}

function fit(facts: string, label: string, room: number): string {
  const labelRoom = room - facts.length - GAP;
  const name = printable(label);
  if (labelRoom < 1) return facts.slice(0, room);
  return `${facts}  ${name.length > labelRoom ? `…${name.slice(name.length - labelRoom + 1)}` : name}`;
}
