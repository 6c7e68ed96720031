import { StreamIngestionError } from '../../contracts/index.js';
import { normalizeObjectKey } from '../../engine/index.js';

/** The one name in the root that is not an object's: everything of the store's own is below it. */
export const PRIVATE_FOLDER = '.stream-ingestion';

// Win32, "Naming Files, Paths, and Namespaces": devices are reserved with any extension and in any case.
const DEVICE_NAME = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:\.|$)/i;

/**
 * The normal form of a key that can be a file's path on every platform, so that a root can be moved between them.
 *
 * @throws INVALID_KEY, beyond what no store takes, for a colon (streams and drives of Windows), device names such as
 * `NUL`, segments that end in a dot or a space (Windows drops them), and the store's own folder.
 */
export function normalizePortableKey(key: string): string {
  const normal = normalizeObjectKey(key);
  if (normal.includes(':')) throw invalid('a colon');
  const segments = normal.split('/');
  if (segments[0]?.toLowerCase() === PRIVATE_FOLDER) throw invalid(`"${PRIVATE_FOLDER}" at its beginning`);
  for (const segment of segments) {
    if (/[. ]$/.test(segment)) throw invalid('a segment that ends in a dot or a space');
    if (DEVICE_NAME.test(segment)) throw invalid('a segment that names a device');
  }
  return normal;
}

export function isPortableKey(key: string): boolean {
  try {
    return normalizePortableKey(key) === key;
  } catch {
    return false;
  }
}

function invalid(what: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_KEY', `a key of the fs store must not have ${what}`, {
    operation: 'fs.key',
  });
}
