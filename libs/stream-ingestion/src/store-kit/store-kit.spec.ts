import fc from 'fast-check';

import {
  compareKeys,
  decodeListCursor,
  encodeListCursor,
  requireExpectedBytes,
  requirePreconditions,
  resolveListRequest,
  resolveObjectAttributes,
  spanOf,
  throwIfAborted,
} from './index.js';

const failing = (code: string, cause?: Error): Error =>
  expect.objectContaining(cause === undefined ? { code } : { code, cause }) as Error;

describe('order of keys', () => {
  it('is that of the UTF-8 bytes, also beyond the basic plane', () => {
    expect(['a/b', 'a.b', 'a-b', 'a0', '\u{1f600}', '\uff5e', 'é', 'z'].sort(compareKeys)).toEqual([
      'a-b',
      'a.b',
      'a/b',
      'a0',
      'z',
      'é',
      '\uff5e',
      '\u{1f600}',
    ]);
  });
});

describe('order of keys, against the bytes themselves', () => {
  it('is the same for any well-formed text', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '/', '-', '~', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
    });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('list cursor', () => {
  it('brings back the key it was made from', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zé😀 %]{1,40}(\/[a-z]{1,9})?$/u), (text) => {
        const key = text.normalize('NFC');
        expect(decodeListCursor(encodeListCursor(key))).toBe(key);
      }),
    );
  });

  it.each(['', '!', 'YQ==', 'YR', 'Li4', '_-8', 'L2V0Yw'])('refuses %j', (cursor) => {
    expect(() => decodeListCursor(cursor)).toThrow(failing('INVALID_OPTION'));
  });
});

describe('list request', () => {
  it('fills in the defaults and brings the prefix into the normal form of keys', () => {
    expect(resolveListRequest({})).toEqual({ prefix: '', limit: 100, after: undefined });
    expect(resolveListRequest({ prefix: 'e\u0301', limit: 1000, cursor: 'YQ' })).toEqual({
      prefix: 'é',
      limit: 1000,
      after: 'a',
    });
  });

  it.each([0, -1, 1.5, 1001, Number.NaN])('refuses a limit of %p', (limit) => {
    expect(() => resolveListRequest({ limit })).toThrow(failing('INVALID_OPTION'));
  });
});

describe('byte span', () => {
  it('is the whole without a range and exclusive at its end', () => {
    expect(spanOf(undefined, 0)).toEqual({ start: 0, end: 0 });
    expect(spanOf({ start: 0, end: 0 }, 1)).toEqual({ start: 0, end: 1 });
    expect(spanOf({ start: 3, end: 9 }, 10)).toEqual({ start: 3, end: 10 });
  });

  it.each([
    [{ start: 0, end: 0 }, 0],
    [{ start: 0, end: 10 }, 10],
    [{ start: 5, end: 4 }, 10],
    [{ start: -1, end: 4 }, 10],
    [{ start: 0.5, end: 4 }, 10],
    [{ start: 0, end: Number.POSITIVE_INFINITY }, 10],
  ])('refuses %p of %p bytes', (range, size) => {
    expect(() => spanOf(range, size)).toThrow(failing('RANGE_NOT_SATISFIABLE'));
  });
});

describe('preconditions', () => {
  it('let through what holds', () => {
    requirePreconditions({}, undefined, 'x');
    requirePreconditions({ ifNoneMatch: '*' }, undefined, 'x');
    requirePreconditions({ ifMatch: '*' }, 'v1', 'x');
    requirePreconditions({ ifMatch: 'v1' }, 'v1', 'x');
  });

  it.each([
    [{ ifNoneMatch: '*' as const }, 'v1'],
    [{ ifMatch: '*' }, undefined],
    [{ ifMatch: 'v1' }, 'v2'],
  ])('refuse %p where the etag is %p', (conditions, etag) => {
    expect(() => requirePreconditions(conditions, etag, 'x')).toThrow(failing('PRECONDITION_FAILED'));
  });
});

describe('object attributes', () => {
  it('are a copy, own properties only', () => {
    const metadata: Record<string, string> = JSON.parse('{"__proto__":"x","a":"é"}') as Record<string, string>;
    const attributes = resolveObjectAttributes({ contentType: 'text/plain', metadata });
    metadata['a'] = 'changed';
    expect(JSON.stringify(attributes)).toBe('{"contentType":"text/plain","metadata":{"__proto__":"x","a":"é"}}');
  });

  it.each([
    { contentType: 'a\r\nb' },
    { contentEncoding: 'gzip\n' },
    { metadata: { Upper: 'x' } },
    { metadata: { '': 'x' } },
    { metadata: { a: '\ud800' } },
  ])('refuse %p', (options) => {
    expect(() => resolveObjectAttributes(options)).toThrow(failing('INVALID_OPTION'));
  });
});

describe('small checks', () => {
  it('take byte counts only', () => {
    requireExpectedBytes(undefined);
    requireExpectedBytes(0);
    for (const bytes of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => requireExpectedBytes(bytes)).toThrow(failing('INVALID_OPTION'));
    }
  });

  it('keep the reason of an abort', () => {
    throwIfAborted(undefined, 'x');
    throwIfAborted(new AbortController().signal, 'x');
    const reason = new Error('enough');
    expect(() => throwIfAborted(AbortSignal.abort(reason), 'x')).toThrow(failing('ABORTED', reason));
  });
});
