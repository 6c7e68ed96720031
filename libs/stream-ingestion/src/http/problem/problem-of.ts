import { isStreamIngestionError, type ErrorCode, type StreamIngestionError } from '../../contracts/index.js';
import { PROBLEM_KINDS, type ProblemKind } from './problem-kinds.js';
import type { Problem, ProblemDocument } from './problem.js';

export interface ProblemOptions {
  /** Identifies the occurrence: a path, a request id. Default: none. */
  readonly instance?: string;
  /** Seconds after which a client may come again, where coming again makes sense. Default: 5. */
  readonly retryAfterSeconds?: number;
}

/** Where the code says only in which place it broke, an error of ours in the cause says what broke. */
const WRAPPERS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SOURCE_FAILED',
  'TRANSFORM_FAILED',
  'SINK_FAILED',
  'DESTINATION_FAILED',
  'ABORTED',
]);
const MAX_DEPTH = 8;
const MAX_TEXT_LENGTH = 300;
/** Facts about the request itself. Anything else stays in the log. */
const SHOWN = /^(?:field|limit|algorithm|expected|actual|line|column|size|start|end|idleTimeoutMs|max\w+|\w+Bytes)$/;
/** Request fields of which the content is not taken: the client chose a wrong representation (RFC 9110, 15.5.16). */
const REPRESENTATION_FIELDS = new Set<unknown>(['content-type', 'content-encoding']);

/**
 * What to answer to an error, as a problem document (RFC 9457): one status for each code.
 *
 * An error of the library in the cause of SOURCE_FAILED, TRANSFORM_FAILED, SINK_FAILED, DESTINATION_FAILED or ABORTED
 * counts instead of it, so that a full disk is a 507 and a gzip bomb a 413. Messages and context of statuses from 500 up
 * are not shown: they may name what is inside. Anything that is no error of the library is a 500 without a word.
 */
export function problemOf(error: unknown, options: ProblemOptions = {}): Problem {
  const known = isStreamIngestionError(error) ? innermost(error) : undefined;
  const code = known?.code ?? 'INTERNAL';
  const kind = kindOf(known);
  const context = known === undefined ? undefined : shownContext(known, kind);
  const body: ProblemDocument = {
    type: `urn:nestjs-stream-ingestion:${code.toLowerCase().replaceAll('_', '-')}`,
    title: kind.title,
    status: kind.status,
    code,
    detail: (kind.detail ?? known?.message ?? kind.title).slice(0, MAX_TEXT_LENGTH),
    retry: known?.retry ?? 'never',
    ...(options.instance === undefined ? {} : { instance: options.instance }),
    ...(context === undefined ? {} : { context }),
  };
  return { status: kind.status, headers: headersOf(kind, known, options), body };
}

function innermost(error: StreamIngestionError): StreamIngestionError {
  let current = error;
  for (let depth = 0; depth < MAX_DEPTH && WRAPPERS.has(current.code); depth += 1) {
    if (!isStreamIngestionError(current.cause)) break;
    current = current.cause;
  }
  return current;
}

function kindOf(error: StreamIngestionError | undefined): ProblemKind {
  if (error === undefined) return { status: 500, title: 'Internal error', detail: 'Something unexpected went wrong.' };
  if (error.code === 'UNSUPPORTED' && error.context.field !== undefined) {
    // About what the request says, so the message is about that, too.
    const status = REPRESENTATION_FIELDS.has(error.context.field) ? 415 : 501;
    return { status, title: PROBLEM_KINDS.UNSUPPORTED.title };
  }
  // A code of a newer copy of the library.
  return PROBLEM_KINDS[error.code] ?? kindOf(undefined);
}

function shownContext(error: StreamIngestionError, { status }: ProblemKind): ProblemDocument['context'] {
  if (status >= 500) return undefined;
  const shown: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(error.context)) {
    if (value === undefined || !SHOWN.test(name)) continue;
    shown[name] = typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : value;
  }
  return Object.keys(shown).length === 0 ? undefined : shown;
}

function headersOf(
  kind: ProblemKind,
  error: StreamIngestionError | undefined,
  { retryAfterSeconds = 5 }: ProblemOptions,
): Record<string, string> {
  const size = error?.code === 'RANGE_NOT_SATISFIABLE' ? error.context.size : undefined;
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(kind.retryAfter === true ? { 'retry-after': String(retryAfterSeconds) } : {}),
    ...(error?.code === 'DRAINING' ? { connection: 'close' } : {}),
    ...(typeof size === 'number' ? { 'content-range': `bytes */${size}` } : {}),
  };
}
