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

const plan = ({ options = {}, ...facts }: Partial<DeliveryObject> & { options?: DeliveryPlanOptions } = {}) =>
  planDelivery({ method: 'GET', headers: {}, now }, { ...object, ...facts }, options);

describe('content that is not trusted', () => {
  it.each<[string | undefined, 'inline' | 'attachment', string]>([
    ['text/plain', 'inline', 'text/plain'],
    ['TEXT/PLAIN;charset=utf-8', 'inline', 'TEXT/PLAIN;charset=utf-8'],
    ['image/png', 'inline', 'image/png'],
    ['video/mp4', 'inline', 'video/mp4'],
    ['audio/ogg; codecs="opus"', 'inline', 'audio/ogg; codecs="opus"'],
    ['application/json', 'inline', 'application/json'],
    ['text/html', 'attachment', 'text/html'],
    ['Text/HTML; charset=utf-8', 'attachment', 'Text/HTML; charset=utf-8'],
    ['application/xhtml+xml', 'attachment', 'application/xhtml+xml'],
    ['image/svg+xml', 'attachment', 'image/svg+xml'],
    ['IMAGE/SVG+XML', 'attachment', 'IMAGE/SVG+XML'],
    ['text/xml', 'attachment', 'text/xml'],
    ['application/xml', 'attachment', 'application/xml'],
    ['text/javascript', 'attachment', 'text/javascript'],
    ['application/javascript', 'attachment', 'application/javascript'],
    ['text/css', 'attachment', 'text/css'],
    ['application/pdf', 'attachment', 'application/pdf'],
    ['multipart/x-mixed-replace; boundary=x', 'attachment', 'multipart/x-mixed-replace; boundary=x'],
    ['message/rfc822', 'attachment', 'message/rfc822'],
    ['application/octet-stream', 'attachment', 'application/octet-stream'],
    [undefined, 'attachment', 'application/octet-stream'],
    ['', 'attachment', 'application/octet-stream'],
    ['text', 'attachment', 'application/octet-stream'],
    ['text/plain, text/html', 'attachment', 'application/octet-stream'],
    ['text/plain\r\nX-Injected: 1', 'attachment', 'application/octet-stream'],
    ['text/plain; a="\r\nX-Injected: 1"', 'attachment', 'application/octet-stream'],
    ['text/plain; a="\u0100"', 'attachment', 'application/octet-stream'],
  ])('shows %p as %s', (contentType, disposition, sent) => {
    const { contentType: _, ...rest } = object;
    const facts = contentType === undefined ? rest : { ...rest, contentType };
    const { headers } = planDelivery({ method: 'GET', headers: {}, now }, facts);
    expect(headers).toMatchObject({
      'Content-Type': sent,
      'Content-Disposition': `${disposition}; filename="june.txt"`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    });
  });

  it('lets the application vouch for its own content', () => {
    const { headers } = plan({ contentType: 'text/html', options: { trusted: true } });
    expect(headers['Content-Disposition']).toBe('inline; filename="june.txt"');
    expect(headers).not.toHaveProperty('Content-Security-Policy');
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
  });

  it.each<[string, string]>([
    ['summary.txt', 'attachment; filename="summary.txt"'],
    ['', 'attachment; filename="june.txt"'],
    ['naïve.txt', `attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`],
    ['a\r\nX: 1.txt', 'attachment; filename="a__X: 1.txt"'],
    ['a"b.txt', 'attachment; filename="a\\"b.txt"'],
  ])('downloads under the name %p', (downloadName, expected) => {
    expect(plan({ options: { downloadName } }).headers['Content-Disposition']).toBe(expected);
    expect(plan({ options: { downloadName, trusted: true } }).headers['Content-Disposition']).toBe(expected);
  });
});
