import * as fc from 'fast-check';

import type { ByteRange } from '../../contracts/index.js';
import type { DeliveryPlan } from './delivery-plan.js';
import { planDelivery } from './plan-delivery.js';

const position = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map(String),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String),
  fc.constant(''),
);
const spec = fc.tuple(position, position).map(([first, last]) => `${first}-${last}`);
const range = fc.oneof(
  { weight: 8, arbitrary: fc.array(spec, { maxLength: 14 }).map((specs) => `bytes=${specs.join(',')}`) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('0', '9', '-', ',', '=', ' ', 'b', 'x') }) },
  { weight: 1, arbitrary: fc.string().map((text) => `bytes=${text}`) },
);
const size = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.maxSafeNat());

const planOf = (header: string, bytes: number): DeliveryPlan =>
  planDelivery(
    { method: 'GET', headers: { range: header } },
    { key: 'k', size: bytes, etag: 'e', lastModified: new Date(0), digests: {}, contentType: 'text/plain' },
  );

function rangesOf({ body }: DeliveryPlan): readonly ByteRange[] {
  if (body.kind === 'range') return [body.range];
  return body.kind === 'multipart' ? body.parts.map((part) => part.range) : [];
}

describe('planDelivery, whatever the Range and the size', () => {
  it('sends ranges within the object, disjoint, never more bytes than it holds, at most ten', () => {
    fc.assert(
      fc.property(range, size, (header, bytes) => {
        const ranges = rangesOf(planOf(header, bytes));
        let sum = 0n;
        for (const { start, end } of ranges) {
          expect(0 <= start && start <= end && end < bytes).toBe(true);
          sum += BigInt(end) - BigInt(start) + 1n;
        }
        expect(sum <= BigInt(bytes)).toBe(true);
        expect(ranges.length).toBeLessThanOrEqual(10);
        const sorted = ranges.toSorted((a, b) => a.start - b.start);
        expect(sorted.every(({ start }, index) => index === 0 || start > (sorted[index - 1]?.end ?? 0))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('has a status, fields and a body that belong together', () => {
    fc.assert(
      fc.property(range, size, (header, bytes) => {
        const { status, headers, body, contentLength, problem } = planOf(header, bytes);
        const facts = {
          body: body.kind,
          contentRange: headers['Content-Range']?.replace(/\d+-\d+/, 'a-b').replace(/\d+$/, 'N'),
          multipart: headers['Content-Type']?.startsWith('multipart/byteranges; boundary=') ?? false,
          length: headers['Content-Length'],
          problem,
        };
        const length = String(contentLength);
        const whole = { contentRange: undefined, multipart: false, length, problem: undefined };
        expect([
          { status: 200, body: 'whole', ...whole },
          { status: 206, body: 'range', ...whole, contentRange: 'bytes a-b/N' },
          { status: 206, body: 'multipart', ...whole, multipart: true },
          {
            status: 416,
            body: 'none',
            ...whole,
            contentRange: 'bytes */N',
            length: undefined,
            problem: 'RANGE_NOT_SATISFIABLE',
          },
        ]).toContainEqual({ status, ...facts });
        if (status === 200) expect(contentLength).toBe(bytes);
        if (status === 416) expect(headers['Content-Range']).toBe(`bytes */${bytes}`);
        if (body.kind === 'range') {
          expect(headers['Content-Range']).toBe(`bytes ${body.range.start}-${body.range.end}/${bytes}`);
          expect(contentLength).toBe(body.range.end - body.range.start + 1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('announces exactly the length that the framed parts have, each with the bytes it names', () => {
    fc.assert(
      fc.property(
        fc.array(spec, { minLength: 2, maxLength: 6 }).map((specs) => `bytes=${specs.join(',')}`),
        fc.integer({ min: 10, max: 60 }),
        (header, bytes) => {
          const { body, headers } = planOf(header, bytes);
          if (body.kind !== 'multipart') return;
          const content = Buffer.from(Array.from({ length: bytes }, (_, index) => 0x30 + (index % 70)));
          const sent = Buffer.concat([
            ...body.parts.flatMap(({ head, range: { start, end } }) => [
              Buffer.from(head, 'latin1'),
              content.subarray(start, end + 1),
            ]),
            Buffer.from(body.tail, 'latin1'),
          ]);
          expect(sent.byteLength).toBe(Number(headers['Content-Length']));
          const [preamble, ...rest] = sent.toString('latin1').split(`--${body.boundary}`);
          expect(preamble).toBe('');
          expect(rest.at(-1)).toBe('--\r\n');
          for (const part of rest.slice(0, -1)) {
            const match = /^\r\nContent-Type: text\/plain\r\nContent-Range: bytes (\d+)-(\d+)\/(\d+)\r\n\r\n/.exec(
              part,
            );
            expect(match?.[3]).toBe(String(bytes));
            const expected = content.subarray(Number(match?.[1]), Number(match?.[2]) + 1).toString('latin1');
            expect(part.slice(match?.[0].length)).toBe(`${expected}\r\n`);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
