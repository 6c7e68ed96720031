import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import type { FileSystem } from './file-system.js';
import { systemCodeOf } from './fs-failure.js';

const PATTERN = /^(\d+)-(\d+)-([0-9a-f]{12})-[0-9a-f]{12}$/;
const UNKNOWN_START = '0';

export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * A name that this process has alone, and by which others can tell whether it still runs: its id, when it started,
 * and the scope (one boot of one machine, one container) within which both mean something.
 */
export async function nameThisProcess(fs: FileSystem): Promise<string> {
  const startedAt = (await startTimeOf(fs, process.pid)) ?? UNKNOWN_START;
  return [process.pid, startedAt, await scopeOf(fs), randomBytes(6).toString('hex')].join('-');
}

/** Whether the process of that name runs. Unknown for one of another machine, container or boot. */
export async function livenessOf(fs: FileSystem, name: string, ownName: string): Promise<Liveness> {
  const [, pid, startedAt, scope] = PATTERN.exec(name) ?? [];
  const [, , , ownScope] = PATTERN.exec(ownName) ?? [];
  if (pid === undefined || scope !== ownScope) return 'unknown';
  if (!isRunning(Number(pid))) return 'dead';
  const actual = await startTimeOf(fs, Number(pid));
  if (actual === undefined || startedAt === UNKNOWN_START) return 'unknown';
  // A process id is given out again.
  return actual === startedAt ? 'alive' : 'dead';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH';
  }
}

/** proc(5): field 22 of stat, in clock ticks since boot. The second field may hold spaces and brackets. */
async function startTimeOf(fs: FileSystem, pid: number): Promise<string | undefined> {
  try {
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function scopeOf(fs: FileSystem): Promise<string> {
  const parts = [process.platform, hostname()];
  try {
    parts.push(await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8'), await fs.readlink('/proc/self/ns/pid'));
  } catch {
    // No such files here: the name of the machine has to do.
  }
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}
