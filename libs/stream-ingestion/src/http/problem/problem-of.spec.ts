import { ERROR_CODES, StreamIngestionError, type ErrorCode } from '../../contracts/index.js';
import { problemOf } from './problem-of.js';

const STATUSES: Readonly<Record<ErrorCode, number>> = {
  SOURCE_FAILED: 500,
  SOURCE_CLOSED: 400,
  TRANSFORM_FAILED: 500,
  SINK_FAILED: 500,
  DESTINATION_FAILED: 500,
  DESTINATION_CLOSED: 499,
  ABORTED: 503,
  IDLE_TIMEOUT: 408,
  LENGTH_MISMATCH: 400,
  DIGEST_MISMATCH: 400,
  LIMIT_EXCEEDED: 413,
  MALFORMED_INPUT: 400,
  INVALID_OPTION: 500,
  INVALID_KEY: 400,
  NOT_FOUND: 404,
  PRECONDITION_FAILED: 412,
  KEY_CONFLICT: 409,
  RANGE_NOT_SATISFIABLE: 416,
  NO_SPACE: 507,
  STORE_UNAVAILABLE: 503,
  UNKNOWN_STORE: 404,
  UNSUPPORTED: 501,
  DRAINING: 503,
  TOO_MANY_TRANSFERS: 503,
};

describe('problemOf', () => {
  it.each(ERROR_CODES)('has an answer for %s', (code) => {
    const { status, body, headers } = problemOf(new StreamIngestionError(code, 'why'));
    expect(status).toBe(STATUSES[code]);
    expect(body).toMatchObject({
      status,
      code,
      type: `urn:nestjs-stream-ingestion:${code.toLowerCase().replace(/_/g, '-')}`,
    });
    expect(body.title).not.toBe('');
    expect(body.detail).not.toBe('');
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('writes a whole document', () => {
    const error = new StreamIngestionError('LIMIT_EXCEEDED', 'more than 5 bytes', {
      operation: 'limit',
      context: { limit: 'maxBytes', maxBytes: 5, path: '/secret', token: 'x', missing: undefined },
    });
    expect(problemOf(error, { instance: '/files/a' })).toEqual({
      status: 413,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      body: {
        type: 'urn:nestjs-stream-ingestion:limit-exceeded',
        title: 'Too large',
        status: 413,
        code: 'LIMIT_EXCEEDED',
        detail: 'more than 5 bytes',
        retry: 'never',
        instance: '/files/a',
        context: { limit: 'maxBytes', maxBytes: 5 },
      },
    });
  });

  it.each(ERROR_CODES.filter((code) => STATUSES[code] >= 500))('keeps the inside of %s to itself', (code) => {
    const error = new StreamIngestionError(code, 'EIO /srv/data/x', {
      context: { path: '/srv/data/x', maxBytes: 1 },
      cause: new Error('password=1'),
    });
    const text = JSON.stringify(problemOf(error));
    expect(text).not.toMatch(/srv|password|EIO|maxBytes/);
  });

  it('does not tell which object is missing', () => {
    const one = problemOf(new StreamIngestionError('NOT_FOUND', 'no object a', { context: { key: 'a' } }));
    const other = problemOf(new StreamIngestionError('NOT_FOUND', 'not yours: b', { context: { key: 'b' } }));
    expect(one).toEqual(other);
  });

  it.each([
    ['TRANSFORM_FAILED', 'MALFORMED_INPUT', 400],
    ['TRANSFORM_FAILED', 'LIMIT_EXCEEDED', 413],
    ['SINK_FAILED', 'NO_SPACE', 507],
    ['SOURCE_FAILED', 'LIMIT_EXCEEDED', 413],
    ['ABORTED', 'DRAINING', 503],
    ['NO_SPACE', 'NOT_FOUND', 507],
  ] as const)('sees in %s caused by %s a %d', (code, cause, status) => {
    const inner = new StreamIngestionError(cause, 'inner');
    const error = new StreamIngestionError(code, 'outer', {
      cause: new StreamIngestionError(code, 'between', { cause: inner }),
    });
    expect(problemOf(error).status).toBe(status);
  });

  it('ends where causes go round in a circle', () => {
    const error = new StreamIngestionError('SINK_FAILED', 'round');
    Object.defineProperty(error, 'cause', { value: error });
    expect(problemOf(error).status).toBe(500);
  });

  it('says when to come again, and closes the connection of a process that shuts down', () => {
    const draining = problemOf(new StreamIngestionError('DRAINING', ''));
    expect(draining.headers).toMatchObject({ 'retry-after': '5', connection: 'close' });
    const busy = problemOf(new StreamIngestionError('TOO_MANY_TRANSFERS', ''), { retryAfterSeconds: 9 });
    expect(busy.headers).toMatchObject({ 'retry-after': '9' });
    expect(busy.headers).not.toHaveProperty('connection');
    expect(problemOf(new StreamIngestionError('NOT_FOUND', '')).headers).not.toHaveProperty('retry-after');
  });

  it('tells the size with a range that is not satisfiable', () => {
    const error = new StreamIngestionError('RANGE_NOT_SATISFIABLE', '', { context: { size: 10 } });
    expect(problemOf(error).headers['content-range']).toBe('bytes */10');
  });

  it.each([
    ['content-type', 415],
    ['content-encoding', 415],
    ['transfer-encoding', 501],
  ])('answers to an unsupported %s with %d', (field, status) => {
    const problem = problemOf(new StreamIngestionError('UNSUPPORTED', 'not that', { context: { field } }));
    expect(problem).toMatchObject({ status, body: { status, detail: 'not that' } });
  });

  it('recognises errors of another copy of the library', () => {
    const foreign = Object.assign(new Error('gone'), { code: 'NOT_FOUND', retry: 'never', context: {} });
    Object.defineProperty(foreign, Symbol.for('nestjs-stream-ingestion.error'), { value: true });
    expect(problemOf(foreign).status).toBe(404);
    expect(problemOf(Object.assign(foreign, { code: 'FROM_THE_FUTURE' })).status).toBe(500);
  });

  it.each([new Error('secret'), 'secret', undefined, null, { code: 'NOT_FOUND', message: 'secret' }])(
    'says nothing of other errors: %p',
    (error) => {
      const { status, body } = problemOf(error);
      expect(status).toBe(500);
      expect(body.code).toBe('INTERNAL');
      expect(JSON.stringify(body)).not.toContain('secret');
    },
  );

  it('cuts long messages short', () => {
    const error = new StreamIngestionError('MALFORMED_INPUT', 'x'.repeat(10_000), {
      context: { field: 'y'.repeat(10_000) },
    });
    expect(JSON.stringify(problemOf(error)).length).toBeLessThan(1200);
  });
});
