import type { IncomingHttpHeaders } from 'node:http';

import type { DeliveryObject } from './delivery-plan.js';
import { planDelivery } from './plan-delivery.js';

const now = new Date('2026-07-01T12:00:00.500Z');

/** 1,000 bytes, changed on 1 June. */
const object: DeliveryObject = {
  key: 'reports/june.txt',
  size: 1000,
  etag: 'v1',
  lastModified: new Date('2026-06-01T10:00:00.900Z'),
  digests: {},
  contentType: 'text/plain; charset=utf-8',
};

const MODIFIED = 'Mon, 01 Jun 2026 10:00:00 GMT';
const BEFORE = 'Mon, 01 Jun 2026 09:59:59 GMT';
const AFTER = 'Mon, 01 Jun 2026 10:00:01 GMT';

const plan = (
  headers: IncomingHttpHeaders,
  { method = 'GET', ...facts }: Partial<DeliveryObject> & { method?: string } = {},
) => planDelivery({ method, headers, now }, { ...object, ...facts });

describe('preconditions of a GET or HEAD', () => {
  it.each<[IncomingHttpHeaders, number]>([
    // If-Match: strong comparison.
    [{ 'if-match': '"v1"' }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"v0", "v1"' }, 200],
    [{ 'if-match': '"v0"' }, 412],
    [{ 'if-match': 'W/"v1"' }, 412],
    [{ 'if-match': '"V1"' }, 412],
    [{ 'if-match': 'v1' }, 412],
    [{ 'if-match': '' }, 412],
    [{ 'if-match': '"v1", v0' }, 412],
    // If-Unmodified-Since.
    [{ 'if-unmodified-since': MODIFIED }, 200],
    [{ 'if-unmodified-since': AFTER }, 200],
    [{ 'if-unmodified-since': BEFORE }, 412],
    [{ 'if-unmodified-since': 'Monday, 01-Jun-26 09:59:59 GMT' }, 412],
    [{ 'if-unmodified-since': 'Mon Jun  1 09:59:59 2026' }, 412],
    [{ 'if-unmodified-since': 'last week' }, 200],
    [{ 'if-unmodified-since': `${BEFORE}, ${BEFORE}` }, 200],
    [{ 'if-match': '"v1"', 'if-unmodified-since': BEFORE }, 200],
    [{ 'if-match': '"v0"', 'if-unmodified-since': AFTER }, 412],
    // If-None-Match: weak comparison.
    [{ 'if-none-match': '"v1"' }, 304],
    [{ 'if-none-match': 'W/"v1"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"v0", W/"v1"' }, 304],
    [{ 'if-none-match': '"v0"' }, 200],
    [{ 'if-none-match': 'v1' }, 200],
    [{ 'if-none-match': '' }, 200],
    [{ 'if-none-match': '"v"' }, 200],
    // If-Modified-Since.
    [{ 'if-modified-since': MODIFIED }, 304],
    [{ 'if-modified-since': AFTER }, 304],
    [{ 'if-modified-since': BEFORE }, 200],
    [{ 'if-modified-since': 'Monday, 01-Jun-26 10:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Mon Jun  1 10:00:00 2026' }, 304],
    [{ 'if-modified-since': 'Wed, 01 Jan 2099 00:00:00 GMT' }, 304],
    [{ 'if-modified-since': '2026-06-01T10:00:00Z' }, 200],
    [{ 'if-modified-since': `${MODIFIED}, ${MODIFIED}` }, 200],
    [{ 'if-none-match': '"v0"', 'if-modified-since': AFTER }, 200],
    [{ 'if-none-match': '"v1"', 'if-modified-since': BEFORE }, 304],
    // Their order (RFC 9110, 13.2.2).
    [{ 'if-match': '"v0"', 'if-none-match': '"v1"' }, 412],
    [{ 'if-match': '"v1"', 'if-none-match': '"v1"' }, 304],
    [{ 'if-unmodified-since': BEFORE, 'if-none-match': '"v1"' }, 412],
    [{ 'if-unmodified-since': AFTER, 'if-modified-since': AFTER }, 304],
    [{ 'if-none-match': '"v1"', range: 'bytes=0-0' }, 304],
    [{ 'if-match': '"v0"', range: 'bytes=0-0' }, 412],
    [{ 'if-match': '"v1"', range: 'bytes=0-0' }, 206],
    [{ 'if-none-match': '"v1"', range: 'bytes=1000-' }, 304],
    [{ 'if-match': '"v1"', 'if-none-match': '"v0"', 'if-range': '"v1"', range: 'bytes=0-0' }, 206],
  ])('answers %p with %i, on GET and (but for Range) on HEAD', (headers, status) => {
    expect(plan(headers).status).toBe(status);
    expect(plan(headers, { method: 'HEAD' }).status).toBe(status === 206 ? 200 : status);
  });

  it('never says that an object was modified in the future', () => {
    const future = { lastModified: new Date('2026-07-02T00:00:00Z') };
    expect(plan({}, future).headers['Last-Modified']).toBe('Wed, 01 Jul 2026 12:00:00 GMT');
    expect(plan({ 'if-modified-since': 'Wed, 01 Jul 2026 11:59:59 GMT' }, future).status).toBe(200);
    expect(plan({ 'if-unmodified-since': 'Wed, 01 Jul 2026 11:59:59 GMT' }, future).status).toBe(412);
  });

  it('ignores conditions on a date that is not known', () => {
    const unknown = { lastModified: new Date(Number.NaN) };
    expect(plan({ 'if-modified-since': AFTER }, unknown).status).toBe(200);
    expect(plan({ 'if-unmodified-since': BEFORE }, unknown).status).toBe(200);
    expect(plan({ 'if-range': MODIFIED, range: 'bytes=0-0' }, unknown).status).toBe(200);
    expect(plan({}, unknown).headers).not.toHaveProperty('Last-Modified');
  });
});

describe('If-Range', () => {
  it.each<[string, number]>([
    ['"v1"', 206],
    ['W/"v1"', 200],
    ['"v0"', 200],
    ['"v"', 200],
    ['"v11"', 200],
    ['"v1", "v2"', 200],
    ['v1', 200],
    ['*', 200],
    ['', 200],
    [MODIFIED, 206],
    ['Monday, 01-Jun-26 10:00:00 GMT', 206],
    ['Mon Jun  1 10:00:00 2026', 206],
    [BEFORE, 200],
    [AFTER, 200],
    ['2026-06-01T10:00:00Z', 200],
  ])('%p lets the range stand, or not: %i', (value, status) => {
    expect(plan({ range: 'bytes=0-9', 'if-range': value }).status).toBe(status);
  });

  it('takes a date for a strong validator once it is 60 seconds old', () => {
    const age = (lastModified: string, ifRange: string) =>
      plan({ range: 'bytes=0-9', 'if-range': ifRange }, { lastModified: new Date(lastModified) }).status;
    expect(age('2026-07-01T11:59:00Z', 'Wed, 01 Jul 2026 11:59:00 GMT')).toBe(206);
    expect(age('2026-07-01T11:59:01Z', 'Wed, 01 Jul 2026 11:59:01 GMT')).toBe(200);
  });

  it('means nothing without a Range', () => {
    expect(plan({ 'if-range': '"v1"' }).status).toBe(200);
    expect(plan({ 'if-range': '"v0"' }).status).toBe(200);
    expect(plan({ 'if-range': '"v1"' }).headers).toHaveProperty('Last-Modified', MODIFIED);
  });

  it('does not save a Range that cannot be satisfied', () => {
    expect(plan({ range: 'bytes=1000-', 'if-range': '"v1"' }).status).toBe(416);
    expect(plan({ range: 'bytes=1000-', 'if-range': '"v0"' }).status).toBe(200);
  });
});
