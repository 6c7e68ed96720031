import type { IncomingHttpHeaders } from 'node:http';

import type { DeliveryObject, DeliveryPlanOptions } from './delivery-plan.js';
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

const plan = (
  headers: IncomingHttpHeaders,
  {
    method = 'GET',
    options = {},
    ...facts
  }: Partial<DeliveryObject> & { method?: string; options?: DeliveryPlanOptions } = {},
) => planDelivery({ method, headers, now }, { ...object, ...facts }, options);

describe('Range of a GET', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `${index * 10}-${index * 10}`).join();

  it.each<[string, number, string | undefined, string]>([
    // One range.
    ['bytes=0-0', 206, 'bytes 0-0/1000', '0-0'],
    ['bytes=999-999', 206, 'bytes 999-999/1000', '999-999'],
    ['bytes=0-999', 206, 'bytes 0-999/1000', '0-999'],
    ['bytes=0-', 206, 'bytes 0-999/1000', '0-999'],
    ['bytes=500-', 206, 'bytes 500-999/1000', '500-999'],
    ['bytes=990-2000', 206, 'bytes 990-999/1000', '990-999'],
    ['bytes=0-99999999999999999999', 206, 'bytes 0-999/1000', '0-999'],
    ['bytes=-1', 206, 'bytes 999-999/1000', '999-999'],
    ['bytes=-1000', 206, 'bytes 0-999/1000', '0-999'],
    ['bytes=-5000', 206, 'bytes 0-999/1000', '0-999'],
    ['bytes=-99999999999999999999', 206, 'bytes 0-999/1000', '0-999'],
    ['BYTES=0-0', 206, 'bytes 0-0/1000', '0-0'],
    // Not satisfiable.
    ['bytes=1000-', 416, 'bytes */1000', ''],
    ['bytes=1000-1001', 416, 'bytes */1000', ''],
    ['bytes=99999999999999999999-', 416, 'bytes */1000', ''],
    ['bytes=-0', 416, 'bytes */1000', ''],
    ['bytes=-0,1000-', 416, 'bytes */1000', ''],
    // Ignored.
    ['bytes=9-1', 200, undefined, 'whole'],
    ['bytes=0-1,9-1', 200, undefined, 'whole'],
    ['bytes=a-b', 200, undefined, 'whole'],
    ['bytes=', 200, undefined, 'whole'],
    ['bytes', 200, undefined, 'whole'],
    ['seconds=0-1', 200, undefined, 'whole'],
    ['bytes=0-1, bytes=4-5', 200, undefined, 'whole'],
    // Several ranges, of which one is left.
    ['bytes=0-0,1000-', 206, 'bytes 0-0/1000', '0-0'],
    ['bytes=0-9,10-19', 206, 'bytes 0-19/1000', '0-19'],
    ['bytes=0-9,5-19', 206, 'bytes 0-19/1000', '0-19'],
    ['bytes=0-,-1', 206, 'bytes 0-999/1000', '0-999'],
    ['bytes=0-0,0-0,0-0', 206, 'bytes 0-0/1000', '0-0'],
    [`bytes=${'0-,'.repeat(1000)}`, 206, 'bytes 0-999/1000', '0-999'],
    // Several ranges, in request order but for those that were joined.
    ['bytes=0-0,-1', 206, undefined, '0-0 999-999'],
    ['bytes=-1,0-0', 206, undefined, '999-999 0-0'],
    ['bytes=500-599,0-9,5-14', 206, undefined, '500-599 0-14'],
    ['bytes=5-14,500-599,0-9', 206, undefined, '0-14 500-599'],
    ['bytes=0-9,11-19', 206, undefined, '0-9 11-19'],
    ['bytes= 0-1 ,\t4-5 ,', 206, undefined, '0-1 4-5'],
    // As many as are allowed, and one more.
    [`bytes=${many(10)}`, 206, undefined, '0-0 10-10 20-20 30-30 40-40 50-50 60-60 70-70 80-80 90-90'],
    [`bytes=${many(10)},2000-`, 206, undefined, '0-0 10-10 20-20 30-30 40-40 50-50 60-60 70-70 80-80 90-90'],
    [`bytes=${many(11)}`, 416, 'bytes */1000', ''],
    [`bytes=${many(11)},0-500`, 206, 'bytes 0-500/1000', '0-500'],
  ])('answers %s with %i', (range, status, contentRange, sent) => {
    const { body, headers, ...answer } = plan({ range });
    const text = ({ start, end }: { start: number; end: number }) => `${start}-${end}`;
    const ranges = {
      none: () => '',
      whole: () => 'whole',
      range: () => (body.kind === 'range' ? text(body.range) : ''),
      multipart: () => (body.kind === 'multipart' ? body.parts.map((part) => text(part.range)).join(' ') : ''),
    };
    expect([answer.status, headers['Content-Range'], ranges[body.kind]()]).toEqual([status, contentRange, sent]);
  });

  it.each<[string, number, string | undefined]>([
    ['bytes=0-', 416, 'bytes */0'],
    ['bytes=0-0', 416, 'bytes */0'],
    ['bytes=-0', 416, 'bytes */0'],
    ['bytes=-1', 200, undefined],
    ['bytes=0-,-5', 200, undefined],
  ])('answers %s of an empty object with %i', (range, status, contentRange) => {
    const answer = plan({ range }, { size: 0 });
    expect([answer.status, answer.headers['Content-Range']]).toEqual([status, contentRange]);
  });

  it('sends an empty object whole', () => {
    const answer = plan({}, { size: 0 });
    expect([answer.status, answer.headers['Content-Length'], answer.body]).toEqual([200, '0', { kind: 'whole' }]);
  });

  it('takes positions beyond 2^32', () => {
    const answer = plan({ range: 'bytes=10737418230-10737418239' }, { size: 10_737_418_240 });
    expect(answer.headers['Content-Range']).toBe('bytes 10737418230-10737418239/10737418240');
    expect(answer.body).toEqual({ kind: 'range', range: { start: 10737418230, end: 10737418239 } });
  });

  it('ignores Range on HEAD', () => {
    const answer = plan({ range: 'bytes=0-9' }, { method: 'HEAD' });
    expect([answer.status, answer.headers['Content-Length']]).toEqual([200, '1000']);
    expect(plan({ range: 'bytes=1000-' }, { method: 'HEAD' }).status).toBe(200);
  });

  it('ignores Range, and says so, where the source reads none', () => {
    const answer = plan({ range: 'bytes=0-9' }, { options: { acceptRanges: false } });
    expect([answer.status, answer.headers['Accept-Ranges']]).toEqual([200, 'none']);
  });

  it('takes maxRanges from the options', () => {
    const options = { maxRanges: 1 };
    expect(plan({ range: 'bytes=0-0' }, { options }).status).toBe(206);
    expect(plan({ range: 'bytes=0-0,2-2' }, { options }).status).toBe(416);
  });

  it('uses a new boundary for each multipart answer', () => {
    const boundary = () => plan({ range: 'bytes=0-0,2-2' }).headers['Content-Type'];
    expect(boundary()).toMatch(/^multipart\/byteranges; boundary=[0-9a-f]{48}$/);
    expect(boundary()).not.toBe(boundary());
  });
});
