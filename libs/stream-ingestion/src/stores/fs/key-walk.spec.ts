import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import fc from 'fast-check';

import { nodeFileSystem } from './file-system.js';
import { walkKeys, type KeyWalkRequest } from './key-walk.js';
import { temporaryFolder, type TemporaryFolder } from './spec-support/temporary-folder.js';

async function place(root: string, keys: Iterable<string>): Promise<void> {
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), '');
  }
}

async function walk(root: string, request: Partial<KeyWalkRequest> = {}): Promise<string[]> {
  const keys: string[] = [];
  const whole = { prefix: '', after: undefined, windowEntries: 100, ...request };
  for await (const key of walkKeys(nodeFileSystem, root, whole)) keys.push(key);
  return keys;
}

const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

describe('key walk', () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  afterEach(() => folder.remove());

  it('gives every key after any other and with any prefix in order, however small the window', async () => {
    const name = fc.constantFrom('a', 'a-', 'a.b', 'a0', 'b', 'é', '\uff5e', '😀', '-', '~');
    const key = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 25 }),
        fc.integer({ min: 1, max: 6 }),
        fc.option(key),
        fc.constantFrom('', 'a', 'a/', 'a.', 'a/a', 'a/b/', 'é/', '-', 'zz'),
        async (candidates, windowEntries, after, prefix) => {
          const { path: root, remove } = await temporaryFolder();
          const keys = candidates.filter((one) => !candidates.some((other) => one.startsWith(`${other}/`)));
          await place(root, keys);
          const expected = keys
            .filter((one) => one.startsWith(prefix) && (after === null || byBytes(one, after) > 0))
            .sort(byBytes);
          expect(await walk(root, { windowEntries, prefix, after: after ?? undefined })).toEqual(expected);
          await remove();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes over links, the folder of the store and names that are no keys', async () => {
    await place(folder.path, ['kept', '.stream-ingestion/meta/x', 'con', 'dot.', 'e\u0301', 'below/kept', 'nul/x']);
    await symlink(join(folder.path, 'below'), join(folder.path, 'link-to-folder'));
    await symlink(join(folder.path, 'kept'), join(folder.path, 'link-to-file'));
    expect(await walk(folder.path)).toEqual(['below/kept', 'kept']);
    expect(await walk(folder.path, { prefix: 'link-to-folder/' })).toEqual([]);
    expect(await walk(folder.path, { prefix: '.stream-ingestion/' })).toEqual([]);
  });

  it('goes on where a folder vanishes while it walks', async () => {
    await place(folder.path, ['a/1', 'b/1', 'c/1']);
    const seen: string[] = [];
    for await (const key of walkKeys(nodeFileSystem, folder.path, { prefix: '', after: undefined, windowEntries: 9 })) {
      seen.push(key);
      await nodeFileSystem.unlink(join(folder.path, 'b/1')).catch(() => undefined);
      await nodeFileSystem.rmdir(join(folder.path, 'b')).catch(() => undefined);
    }
    expect(seen).toEqual(['a/1', 'c/1']);
  });

  it('finds nothing below a root that is empty', async () => {
    expect(await walk(folder.path)).toEqual([]);
    expect(await walk(folder.path, { prefix: 'a/b/' })).toEqual([]);
  });
});
