import { StreamIngestionError } from '../../contracts/index.js';

export interface FsStoreOptions {
  /** Directory that holds the objects; created where it is missing. A relative path is taken from the working directory. */
  readonly root: string;
  /** Unit in which files are written, in bytes. 4 KiB to 64 MiB. Default: 1 MiB. */
  readonly unitBytes?: number;
  /**
   * Whether what was acknowledged survives a loss of power. Without it only the end of the process is survived, and
   * small objects are faster. Default: true.
   */
  readonly fsync?: boolean;
  /**
   * The file system is told to begin writing to the device each time so many bytes have come, so that the last
   * fsync is short. 1 MiB or more; 0 leaves it to the operating system. Default: 32 MiB.
   */
  readonly writebackBytes?: number;
  /** Permission bits of files, before the umask. Default: 0o600. */
  readonly fileMode?: number;
  /** Permission bits of directories, before the umask. Default: 0o700. */
  readonly directoryMode?: number;
  /** How many objects' attributes are kept in memory. 0 to 1,000,000. Default: 1,000. */
  readonly cachedSidecars?: number;
}

export type ResolvedFsStoreOptions = Required<FsStoreOptions>;

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** @throws INVALID_OPTION, naming the option and its bounds. */
export function resolveFsStoreOptions(options: FsStoreOptions): ResolvedFsStoreOptions {
  const resolved: ResolvedFsStoreOptions = {
    root: options.root,
    unitBytes: options.unitBytes ?? MEBIBYTE,
    fsync: options.fsync ?? true,
    writebackBytes: options.writebackBytes ?? 32 * MEBIBYTE,
    fileMode: options.fileMode ?? 0o600,
    directoryMode: options.directoryMode ?? 0o700,
    cachedSidecars: options.cachedSidecars ?? 1000,
  };
  if (typeof resolved.root !== 'string' || resolved.root === '' || resolved.root.includes('\0')) {
    throw invalid('root must be the path of a directory');
  }
  if (typeof resolved.fsync !== 'boolean') throw invalid('fsync must be true or false');
  requireInteger('unitBytes', resolved.unitBytes, 4 * KIBIBYTE, 64 * MEBIBYTE);
  if (resolved.writebackBytes !== 0) {
    requireInteger('writebackBytes', resolved.writebackBytes, MEBIBYTE, Number.MAX_SAFE_INTEGER);
  }
  requireInteger('fileMode', resolved.fileMode, 0o400, 0o777);
  requireInteger('directoryMode', resolved.directoryMode, 0o700, 0o777);
  requireInteger('cachedSidecars', resolved.cachedSidecars, 0, 1_000_000);
  return resolved;
}

function requireInteger(option: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw invalid(`${option} must be an integer from ${least} to ${most}`);
}

function invalid(message: string): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', `fs store: ${message}`, { operation: 'fs.create' });
}
