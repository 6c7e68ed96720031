import { getSystemErrorMap } from 'node:util';

import { StreamIngestionError, isStreamIngestionError, type ErrorCode, type RetryAdvice } from '../contracts/index.js';
import { printable } from './printable.js';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'NOT_FOUND',
  ENOSPC: 'NO_SPACE',
  EDQUOT: 'NO_SPACE',
  EFBIG: 'LIMIT_EXCEEDED',
  ENOTDIR: 'KEY_CONFLICT',
  EISDIR: 'KEY_CONFLICT',
  ENAMETOOLONG: 'INVALID_KEY',
  EACCES: 'STORE_UNAVAILABLE',
  EPERM: 'STORE_UNAVAILABLE',
  EROFS: 'STORE_UNAVAILABLE',
};
const PERMANENT: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** What the operating system said about a path, as `path: no such file or directory`. Ours stay as they are. */
export function fileError(operation: string, path: string, cause: unknown, otherwise: ErrorCode): StreamIngestionError {
  if (isStreamIngestionError(cause)) return cause;
  const { code = '', errno = 0, message } = cause as NodeJS.ErrnoException;
  const [, explanation = message] = getSystemErrorMap().get(errno) ?? [];
  return problemWith(operation, path, explanation, CODES[code] ?? otherwise, {
    cause,
    ...(PERMANENT.has(code) ? { retry: 'never' } : {}),
  });
}

export function problemWith(
  operation: string,
  path: string,
  explanation: string,
  code: ErrorCode,
  options: { readonly cause?: unknown; readonly retry?: RetryAdvice } = {},
): StreamIngestionError {
  return new StreamIngestionError(code, `${printable(path)}: ${explanation}`, {
    operation,
    context: { path },
    ...options,
  });
}
