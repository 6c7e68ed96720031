/**
 * Every way in which this library fails, as a closed union. A code is stable: it is never renamed or given another
 * meaning within a major version.
 */
export const ERROR_CODES = [
  /** The source failed while it was being read; `cause` is its error. */
  'SOURCE_FAILED',
  /** The source closed before it ended: the peer went away, or the stream was destroyed without an error. */
  'SOURCE_CLOSED',
  /** A transform threw or rejected; `cause` is its error. */
  'TRANSFORM_FAILED',
  /** The sink's `write`, `writev` or `finalize` failed; `cause` is its error. */
  'SINK_FAILED',
  /** The destination of a delivery failed; `cause` is its error. */
  'DESTINATION_FAILED',
  /** The destination of a delivery closed before everything was handed over: the client went away. */
  'DESTINATION_CLOSED',
  /** An `AbortSignal` fired; `cause` is its reason. */
  'ABORTED',
  /** No byte moved for the idle time, or fewer than the minimum rate. */
  'IDLE_TIMEOUT',
  /** Fewer or more bytes than were announced. */
  'LENGTH_MISMATCH',
  /** The bytes do not have the announced digest. */
  'DIGEST_MISMATCH',
  /** A byte, ratio or count limit was passed. */
  'LIMIT_EXCEEDED',
  /** Input that does not follow its format: broken gzip, multipart, header field. */
  'MALFORMED_INPUT',
  /** An option is out of its bounds; thrown at construction. */
  'INVALID_OPTION',
  /** An object key that is not allowed. */
  'INVALID_KEY',
  /** No object under that key. */
  'NOT_FOUND',
  /** Create-only or replace-if-match did not hold; nothing was changed. */
  'PRECONDITION_FAILED',
  /** The key cannot live beside another one, such as `a` beside `a/b` on a file system. */
  'KEY_CONFLICT',
  /** No requested range lies within the object. */
  'RANGE_NOT_SATISFIABLE',
  /** The store has no room. */
  'NO_SPACE',
  /** The store cannot be reached or refuses to work. */
  'STORE_UNAVAILABLE',
  /** No store or sink is registered under that name. */
  'UNKNOWN_STORE',
  /** The store or source does not declare the ability that was asked for. */
  'UNSUPPORTED',
  /** The process is shutting down and takes no new transfers. */
  'DRAINING',
  /** As many transfers as allowed are running. */
  'TOO_MANY_TRANSFERS',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Whether doing the same again may succeed. */
export type RetryAdvice = 'never' | 'maybe';
