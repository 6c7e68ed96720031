import type { ListOptions, ObjectInfo, ObjectPage } from '../../contracts/index.js';
import { encodeListCursor, resolveListRequest, throwIfAborted } from '../../store-kit/index.js';
import type { FsBackend } from './fs-backend.js';
import { walkKeys } from './key-walk.js';

const LOOKUPS_AT_ONCE = 16;

export async function listObjects({ fs, layout, lookup }: FsBackend, options: ListOptions): Promise<ObjectPage> {
  const { prefix, limit, after } = resolveListRequest(options);
  const objects: ObjectInfo[] = [];
  let batch: string[] = [];
  const look = async (): Promise<void> => {
    throwIfAborted(options.signal, 'fs.list');
    const found = await Promise.all(batch.map((key) => lookup.describe(key, 'fs.list')));
    batch = [];
    // What is undefined was deleted since its name was read.
    for (const info of found) if (info !== undefined) objects.push(info);
  };
  // One more than asked for, to know whether another page follows.
  const wanted = limit + 1;
  for await (const key of walkKeys(fs, layout.root, { prefix, after, windowEntries: wanted })) {
    batch.push(key);
    if (batch.length < Math.min(LOOKUPS_AT_ONCE, wanted - objects.length)) continue;
    await look();
    if (objects.length >= wanted) break;
  }
  await look();
  const page = objects.slice(0, limit);
  const lastKey = page.at(-1)?.key;
  return {
    objects: page,
    ...(objects.length > limit && lastKey !== undefined ? { nextCursor: encodeListCursor(lastKey) } : {}),
  };
}
