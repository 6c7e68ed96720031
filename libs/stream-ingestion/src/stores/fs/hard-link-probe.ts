import { StreamIngestionError } from '../../contracts/index.js';
import type { FileSystem } from './file-system.js';
import { NOT_WRITABLE, quietly, systemCodeOf } from './fs-failure.js';
import type { TemporaryArea } from './temporary-area.js';

const NO_HARD_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Publishing stands on `link(2)`. A file system without it (exFAT, some network mounts) is found out here rather than at
 * the end of the first upload. One that cannot be written now is not judged.
 *
 * @throws STORE_UNAVAILABLE
 */
export async function requireHardLinks(fs: FileSystem, area: TemporaryArea): Promise<void> {
  const { data, backup } = area.newPaths();
  try {
    await (await area.create(data)).close();
    await fs.link(data, backup);
  } catch (cause) {
    if (NOT_WRITABLE.has(systemCodeOf(cause))) return;
    if (!NO_HARD_LINKS.has(systemCodeOf(cause))) throw cause;
    throw new StreamIngestionError('STORE_UNAVAILABLE', 'fs store: the file system of root has no hard links', {
      operation: 'fs.start',
      retry: 'never',
      cause,
    });
  } finally {
    await quietly(fs.unlink(backup));
    await quietly(fs.unlink(data));
  }
}
