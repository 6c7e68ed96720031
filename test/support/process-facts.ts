import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/** What the kernel knows about a process (Linux). */
export function residentBytes(pid: number): number {
  return statusBytes(pid, 'VmRSS');
}

/** Most resident memory since the start, or since the last {@link resetPeak}. */
export function peakResidentBytes(pid: number): number {
  return statusBytes(pid, 'VmHWM');
}

export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** What each open descriptor of the process points at, such as `/srv/file` or `socket:[123]`. */
export function openDescriptors(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      // Closed between the two calls.
      return [];
    }
  });
}

function statusBytes(pid: number, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (match?.[1] === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(match[1]) * 1024;
}
