import type { IncomingHttpHeaders } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';
import type { DeliveryObject, DeliveryPlanOptions } from './delivery-plan.js';
import { planDelivery } from './plan-delivery.js';

const now = new Date('2026-07-01T12:00:00.500Z');

/** 1,000 bytes, changed on 1 June. */
const object: DeliveryObject = {
  key: 'reports/june.txt',
  size: 1000,
  etag: 'v1',
  lastModified: new Date('2026-06-01T10:00:00.900Z'),
  digests: {
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    md5: '098f6bcd4621d373cade4e832627b4f6',
  },
  contentType: 'text/plain; charset=utf-8',
};
const SHA256 = 'sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:';
const MD5 = 'md5=:CY9rzUYh03PK3k6DJie09g==:';

const MODIFIED = 'Mon, 01 Jun 2026 10:00:00 GMT';

const plan = (
  headers: IncomingHttpHeaders,
  {
    method = 'GET',
    options = {},
    ...facts
  }: Partial<DeliveryObject> & { method?: string; options?: DeliveryPlanOptions } = {},
) => planDelivery({ method, headers, now }, { ...object, ...facts }, options);

const COMMON = {
  'Accept-Ranges': 'bytes',
  ETag: '"v1"',
  'Cache-Control': 'private, no-cache, no-transform',
  'Last-Modified': MODIFIED,
  'Repr-Digest': SHA256,
  'Content-Disposition': 'inline; filename="june.txt"',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "sandbox; default-src 'none'",
};

describe('planDelivery: complete answers', () => {
  it('sends the whole object to a plain GET', () => {
    expect(plan({})).toEqual({
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '1000', ...COMMON },
      body: { kind: 'whole' },
      contentLength: 1000,
      codingAccepted: true,
    });
  });

  it('sends the same fields to HEAD, and no body', () => {
    expect(plan({}, { method: 'HEAD' })).toEqual({
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '1000', ...COMMON },
      body: { kind: 'none' },
      contentLength: 0,
      codingAccepted: true,
    });
  });

  it('sends one range as it is', () => {
    expect(plan({ range: 'bytes=0-99' })).toEqual({
      status: 206,
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': '100',
        'Content-Range': 'bytes 0-99/1000',
        ...COMMON,
      },
      body: { kind: 'range', range: { start: 0, end: 99 } },
      contentLength: 100,
      codingAccepted: true,
    });
  });

  it('frames several ranges, with the exact length', () => {
    const head0 = '--XyZ\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 900-999/1000\r\n\r\n';
    const head1 = '\r\n--XyZ\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-9/1000\r\n\r\n';
    const answer = plan({ range: 'bytes=-100,0-9' }, { options: { boundary: 'XyZ' } });
    expect(answer).toEqual({
      status: 206,
      headers: {
        'Content-Type': 'multipart/byteranges; boundary=XyZ',
        'Content-Length': '289',
        ...COMMON,
      },
      body: {
        kind: 'multipart',
        boundary: 'XyZ',
        parts: [
          { head: head0, range: { start: 900, end: 999 } },
          { head: head1, range: { start: 0, end: 9 } },
        ],
        tail: '\r\n--XyZ--\r\n',
      },
      contentLength: 289,
      codingAccepted: true,
    });
  });

  it('answers 304 with exactly the fields of RFC 9110, 15.4.5', () => {
    expect(plan({ 'if-none-match': '"v1"' }, { contentEncoding: 'gzip' })).toEqual({
      status: 304,
      headers: { ETag: '"v1"', 'Cache-Control': 'private, no-cache, no-transform', Vary: 'Accept-Encoding' },
      body: { kind: 'none' },
      contentLength: 0,
      codingAccepted: true,
    });
  });

  it('answers 412 with a problem and nothing of the object', () => {
    expect(plan({ 'if-match': '"v2"' })).toEqual({
      status: 412,
      headers: {},
      body: { kind: 'none' },
      contentLength: 0,
      problem: 'PRECONDITION_FAILED',
      codingAccepted: true,
    });
  });

  it('answers 416 with the size of the object', () => {
    expect(plan({ range: 'bytes=1000-' })).toEqual({
      status: 416,
      headers: { 'Content-Range': 'bytes */1000', 'Accept-Ranges': 'bytes' },
      body: { kind: 'none' },
      contentLength: 0,
      problem: 'RANGE_NOT_SATISFIABLE',
      codingAccepted: true,
    });
  });

  it('leaves out of a 206 to If-Range what the client has', () => {
    expect(plan({ range: 'bytes=0-99', 'if-range': '"v1"' }, { contentEncoding: 'gzip' }).headers).toEqual({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': '100',
      'Content-Range': 'bytes 0-99/1000',
      'Accept-Ranges': 'bytes',
      'Content-Encoding': 'gzip',
      ETag: '"v1"',
      'Cache-Control': 'private, no-cache, no-transform',
      Vary: 'Accept-Encoding',
      'Content-Disposition': 'inline; filename="june.txt"',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    });
  });

  it('ignores conditions and Range of a method for which they are not defined', () => {
    const answer = plan({ range: 'bytes=0-9', 'if-none-match': '*', 'if-match': '"v2"' }, { method: 'POST' });
    expect([answer.status, answer.body]).toEqual([200, { kind: 'whole' }]);
  });
});

describe('planDelivery: content coding', () => {
  const coded = { contentEncoding: 'gzip' };

  it('says which coding the stored bytes have, and that answers could vary', () => {
    const { headers } = plan({}, coded);
    expect([headers['Content-Encoding'], headers['Vary']]).toEqual(['gzip', 'Accept-Encoding']);
    expect(plan({}).headers).not.toHaveProperty('Content-Encoding');
    expect(plan({}).headers).not.toHaveProperty('Vary');
  });

  it.each<[string | undefined, boolean]>([
    [undefined, true],
    ['gzip', true],
    ['br', false],
    ['gzip;q=0', false],
    ['identity', false],
  ])('with Accept-Encoding %p it is sent all the same; accepted: %p', (accept, accepted) => {
    const answer = plan(accept === undefined ? {} : { 'accept-encoding': accept }, coded);
    expect([answer.status, answer.headers['Content-Encoding'], answer.codingAccepted]).toEqual([200, 'gzip', accepted]);
  });

  it('sends one range of the stored bytes, but never several', () => {
    expect(plan({ range: 'bytes=0-9' }, coded).headers).toMatchObject({
      'Content-Encoding': 'gzip',
      'Content-Range': 'bytes 0-9/1000',
    });
    expect(plan({ range: 'bytes=0-9,20-29' }, coded).status).toBe(200);
  });

  it.each(['identity', 'gzip\r\nX: 1', 'a b', ''])('does not pass %p on', (contentEncoding) => {
    expect(plan({}, { contentEncoding }).headers).not.toHaveProperty('Content-Encoding');
  });
});

describe('planDelivery: digests', () => {
  it.each<[IncomingHttpHeaders, string | undefined, string | undefined]>([
    [{}, SHA256, undefined],
    [{ 'want-repr-digest': 'sha-256=1' }, SHA256, undefined],
    [{ 'want-repr-digest': 'md5=9, sha-256=1' }, MD5, undefined],
    [{ 'want-repr-digest': 'sha-512=10, sha-256=1' }, SHA256, undefined],
    [{ 'want-repr-digest': 'sha-512=10' }, SHA256, undefined],
    [{ 'want-repr-digest': 'sha-256=0' }, undefined, undefined],
    [{ 'want-repr-digest': '!' }, SHA256, undefined],
    [{ 'want-content-digest': 'sha-256=1' }, SHA256, SHA256],
    [{ 'want-content-digest': 'md5=2, sha-256=1' }, SHA256, MD5],
    [{ 'want-content-digest': 'sha-512=1' }, SHA256, undefined],
    [{ 'want-content-digest': 'sha-256=1', range: 'bytes=0-9' }, SHA256, undefined],
    [{ range: 'bytes=0-9' }, SHA256, undefined],
    [{ range: 'bytes=0-9', 'if-range': '"v1"' }, undefined, undefined],
    [{ range: 'bytes=0-9', 'if-range': '"v1"', 'want-repr-digest': 'sha-256=1' }, SHA256, undefined],
  ])('answers %p with Repr-Digest %p, Content-Digest %p', (headers, repr, content) => {
    const answer = plan(headers).headers;
    expect([answer['Repr-Digest'], answer['Content-Digest']]).toEqual([repr, content]);
  });

  it('has no content to digest on HEAD', () => {
    const { headers } = plan({ 'want-content-digest': 'sha-256=1' }, { method: 'HEAD' });
    expect(headers).not.toHaveProperty('Content-Digest');
    expect(headers['Repr-Digest']).toBe(SHA256);
  });

  it('says nothing where no digest is stored', () => {
    expect(plan({}, { digests: {} }).headers).not.toHaveProperty('Repr-Digest');
  });
});

describe('planDelivery: options', () => {
  it('sends the Cache-Control of the application', () => {
    const options = { cacheControl: 'public, max-age=31536000, immutable' };
    expect(plan({}, { options }).headers['Cache-Control']).toBe('public, max-age=31536000, immutable');
    expect(plan({ 'if-none-match': '*' }, { options }).headers['Cache-Control']).toBe(
      'public, max-age=31536000, immutable',
    );
  });

  it.each<[Parameters<typeof plan>[1], RegExp]>([
    [{ options: { maxRanges: 0 } }, /^maxRanges must be a whole number, 1 or more/],
    [{ options: { maxRanges: 1.5 } }, /^maxRanges must be a whole number, 1 or more/],
    [{ options: { cacheControl: 'private\r\nX: 1' } }, /^cacheControl must be/],
    [{ options: { cacheControl: '' } }, /^cacheControl must be/],
    [{ options: { boundary: 'a b' } }, /^boundary must be 1 to 70 letters and digits/],
    [{ options: { boundary: 'a'.repeat(71) } }, /^boundary must be/],
    [{ etag: '"v1"' }, /^object.etag must be/],
    [{ size: -1 }, /^object.size must be/],
    [{ size: 0.5 }, /^object.size must be/],
  ])('refuses %p', (facts, message) => {
    const act = () => plan({ range: 'bytes=0-0,2-2' }, facts);
    expect(act).toThrow(StreamIngestionError);
    expect(act).toThrow(message);
  });
});
