import { isStreamIngestionError, StreamIngestionError, type ErrorCode } from '../../contracts/index.js';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'NO_SPACE',
  EDQUOT: 'NO_SPACE',
  EFBIG: 'NO_SPACE',
  ENOTDIR: 'KEY_CONFLICT',
  EISDIR: 'KEY_CONFLICT',
  ENOTEMPTY: 'KEY_CONFLICT',
  EEXIST: 'KEY_CONFLICT',
  ELOOP: 'KEY_CONFLICT',
  ENAMETOOLONG: 'INVALID_KEY',
};

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  NO_SPACE: 'the file system has no room',
  KEY_CONFLICT: 'a file is in the way of the key, or a directory',
  INVALID_KEY: 'the file system does not take a name that long',
};

/** System codes of a file system that is there but takes nothing right now. */
export const NOT_WRITABLE: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** The system's name of an error, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string | undefined {
  const code: unknown = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A failed system call as an error of the library; one that is already is left as it is. */
export function asFsFailure(error: unknown, operation: string, key?: string): StreamIngestionError {
  if (isStreamIngestionError(error)) return error;
  const systemCode = systemCodeOf(error);
  const code = CODES[systemCode ?? ''] ?? 'STORE_UNAVAILABLE';
  const message = MESSAGES[code] ?? 'the file system refused to work';
  return new StreamIngestionError(code, `${message} (${systemCode ?? 'no code'})`, {
    operation,
    context: { key, systemCode },
    cause: error,
  });
}

export function notFound(operation: string, key: string, cause?: unknown): StreamIngestionError {
  return new StreamIngestionError('NOT_FOUND', 'there is no object of that key', {
    operation,
    context: { key },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function keyConflict(operation: string, key: string): StreamIngestionError {
  return new StreamIngestionError('KEY_CONFLICT', 'something that is not an object is in the way of the key', {
    operation,
    context: { key },
  });
}

/** For clean-up whose failure changes nothing: what stays behind is found by the next sweep. */
export async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch {
    // See above.
  }
}
