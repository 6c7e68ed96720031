import type { ErrorCode } from '../../contracts/index.js';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /**
   * What a client is told. Absent: the error's own message, for errors about what the client sent. Those about the
   * inside of the service, or about what is stored, are told in general terms.
   */
  readonly detail?: string;
  /** Say when to come again. */
  readonly retryAfter?: true;
}

/** Not registered, but what web servers write into their logs for a client that left; nobody receives it. */
const CLIENT_CLOSED_REQUEST = 499;

/** The answer for every code; the compiler holds this to the whole union. */
export const PROBLEM_KINDS: Readonly<Record<ErrorCode, ProblemKind>> = {
  SOURCE_FAILED: { status: 500, title: 'Reading failed', detail: 'The content could not be read.' },
  SOURCE_CLOSED: { status: 400, title: 'Incomplete content' },
  TRANSFORM_FAILED: { status: 500, title: 'Processing failed', detail: 'The content could not be processed.' },
  SINK_FAILED: { status: 500, title: 'Storing failed', detail: 'The content could not be stored. Nothing was kept.' },
  DESTINATION_FAILED: { status: 500, title: 'Sending failed', detail: 'The content could not be sent.' },
  DESTINATION_CLOSED: { status: CLIENT_CLOSED_REQUEST, title: 'Client closed the connection' },
  ABORTED: { status: 503, title: 'Aborted', detail: 'The transfer was aborted.' },
  IDLE_TIMEOUT: { status: 408, title: 'Too slow' },
  LENGTH_MISMATCH: { status: 400, title: 'Wrong length' },
  DIGEST_MISMATCH: { status: 400, title: 'Wrong digest' },
  LIMIT_EXCEEDED: { status: 413, title: 'Too large' },
  MALFORMED_INPUT: { status: 400, title: 'Malformed request' },
  INVALID_OPTION: { status: 500, title: 'Misconfigured', detail: 'The service is not set up for this.' },
  INVALID_KEY: { status: 400, title: 'Invalid key' },
  NOT_FOUND: { status: 404, title: 'Not found', detail: 'There is no such object.' },
  PRECONDITION_FAILED: {
    status: 412,
    title: 'Precondition failed',
    detail: 'A condition of the request does not hold. Nothing was changed.',
  },
  KEY_CONFLICT: { status: 409, title: 'Key conflict', detail: 'The key cannot exist beside one that is there.' },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: 'Range not satisfiable',
    detail: 'No requested range lies within the object.',
  },
  NO_SPACE: { status: 507, title: 'No space', detail: 'There is no room for the content. Nothing was kept.' },
  STORE_UNAVAILABLE: {
    status: 503,
    title: 'Store unavailable',
    detail: 'The store cannot be reached right now.',
    retryAfter: true,
  },
  UNKNOWN_STORE: { status: 404, title: 'Unknown store', detail: 'There is no such store.' },
  UNSUPPORTED: { status: 501, title: 'Not supported', detail: 'The service cannot do that.' },
  DRAINING: {
    status: 503,
    title: 'Shutting down',
    detail: 'The service is shutting down and takes no new transfers.',
    retryAfter: true,
  },
  TOO_MANY_TRANSFERS: {
    status: 503,
    title: 'Too many transfers',
    detail: 'As many transfers as are allowed are running.',
    retryAfter: true,
  },
};
