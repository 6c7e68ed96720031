import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { sha256OfFile, writeRandomFile } from '../support/random-bytes.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';

const MIB = 1024 * 1024;

describe('the memory of the engine alone', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
  });

  afterAll(async () => removeFolder(folder));

  /** @returns the peak of a process that copies a file of that size. */
  async function peakOfCopying(bytes: number): Promise<number> {
    const source = join(folder, 'source');
    const copy = join(folder, 'copy');
    const digest = await writeRandomFile(source, bytes);
    const { stdout } = await promisify(execFile)(process.execPath, ['test/memory/copy-with-engine.mjs', source, copy]);
    expect(await sha256OfFile(copy)).toBe(digest);
    return (JSON.parse(stdout) as { peakBytes: number }).peakBytes;
  }

  it('is much the same for a large file as for a small one', async () => {
    const small = await peakOfCopying(64 * MIB);
    const large = await peakOfCopying(512 * MIB);
    expect(large - small).toBeLessThan(16_000_000);
    expect(large).toBeLessThan(80_000_000);
  }, 120_000);
});
