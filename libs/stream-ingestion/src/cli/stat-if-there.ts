import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Undefined where nothing is there; any other failure is thrown as it is. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
