import type { ReadableStream } from 'node:stream/web';

import { StreamIngestionError, type ErrorCode } from '../contracts/index.js';
import { describeLocation } from './location.js';
import { rangeField, type RangeRequest } from './range-option.js';

export interface HttpReading {
  readonly source: ReadableStream<Uint8Array> | Uint8Array[];
  readonly totalBytes: number | undefined;
}

/**
 * Asks for the bytes and answers once the head of the response is there. Redirects are followed. The bytes are those of
 * the file: a content coding is not asked for.
 *
 * Errors: NOT_FOUND for 404 and 410, RANGE_NOT_SATISFIABLE for 416, UNSUPPORTED where the server ignores the range,
 * SOURCE_FAILED for any other status that is no success and where the server cannot be reached.
 */
export async function openHttp(url: URL, range: RangeRequest | undefined, signal: AbortSignal): Promise<HttpReading> {
  const response = await request(url, range, signal);
  const problem = problemOf(response, range);
  if (problem !== undefined) {
    await response.body?.cancel();
    throw problem(describeLocation({ kind: 'http', url }, 'stdin'));
  }
  const length = response.headers.get('content-length');
  const coded = (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
  return { source: response.body ?? [], totalBytes: length === null || coded ? undefined : Number(length) };
}

async function request(url: URL, range: RangeRequest | undefined, signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ accept: '*/*', 'accept-encoding': 'identity' });
  if (range !== undefined) headers.set('range', rangeField(range));
  const address = new URL(url);
  if (url.username !== '' || url.password !== '') {
    headers.set('authorization', basicCredentials(url));
    address.username = '';
    address.password = '';
  }
  try {
    return await fetch(address, { headers, signal, redirect: 'follow' });
  } catch (error) {
    signal.throwIfAborted();
    const shown = describeLocation({ kind: 'http', url }, 'stdin');
    throw new StreamIngestionError('SOURCE_FAILED', `${shown}: ${explain(error)}`, {
      operation: 'source.open',
      context: { url: shown },
      cause: error,
    });
  }
}

function basicCredentials({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** What fetch hides behind "fetch failed". */
function explain(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  if (cause !== undefined) return explain(cause);
  return message || code || 'the request failed';
}

type Problem = (shown: string) => StreamIngestionError;

function problemOf(response: Response, range: RangeRequest | undefined): Problem | undefined {
  const { status, statusText } = response;
  if (status === 206 && range !== undefined && answersRange(response, range)) return undefined;
  if (response.ok && status !== 206 && range === undefined) return undefined;
  if (response.ok) return because('UNSUPPORTED', 'the server did not answer with the range that was asked for');
  const answer = `the server answered ${status}${statusText === '' ? '' : ` ${statusText}`}`;
  if (status === 404 || status === 410) return because('NOT_FOUND', answer);
  if (status === 416) return because('RANGE_NOT_SATISFIABLE', answer);
  return because('SOURCE_FAILED', answer, status >= 500 || status === 429 || status === 408);
}

function because(code: ErrorCode, explanation: string, maybeLater = false): Problem {
  return (shown) =>
    new StreamIngestionError(code, `${shown}: ${explanation}`, {
      operation: 'source.open',
      context: { url: shown },
      retry: maybeLater ? 'maybe' : 'never',
    });
}

/** RFC 9110, 14.4. The last position may be less than asked for, where the file ends before it. */
function answersRange(response: Response, range: RangeRequest): boolean {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (first === undefined) return false;
  if (range.kind === 'last') return size === '*' || Number(first) === Math.max(0, Number(size) - range.bytes);
  return Number(first) === range.start && Number(last) <= (range.end ?? Infinity);
}
