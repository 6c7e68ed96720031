import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../contracts/index.js';
import { incomingRequest } from '../../testing/http/incoming-request.js';
import { LoopbackServer } from '../../testing/http/loopback-server.js';
import { readRawUpload } from './raw-upload.js';

const SHA256 = 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:';
const SHA256_HEX = '44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38';
const OTHER_SHA256 = 'sha-256=:AAAAqy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:';

function refusalOf(request: IncomingMessage): unknown {
  try {
    readRawUpload(request);
  } catch (error) {
    return error instanceof StreamIngestionError ? `${error.code} ${String(error.context.field)}` : error;
  }
  return 'none';
}

describe('readRawUpload', () => {
  it('reads what the request says, and leaves the body alone', () => {
    const request = incomingRequest({
      'Content-Length': '18',
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Encoding': 'GZIP',
      'Repr-Digest': SHA256,
      'Content-Digest': `${SHA256}, md5=:1B2M2Y8AsgTpgAmY7PhCfg==:`,
      'If-None-Match': '*',
    });
    expect(readRawUpload(request)).toEqual({
      source: request,
      expectedBytes: 18,
      contentType: 'application/json; charset=utf-8',
      contentEncoding: 'gzip',
      expectedDigests: { sha256: SHA256_HEX, md5: 'd41d8cd98f00b204e9800998ecf8427e' },
      ifNoneMatch: '*',
    });
    expect(request.readableFlowing).toBeNull();
  });

  it.each([
    [{}, { expectedBytes: 0 }],
    [{ 'Transfer-Encoding': 'chunked' }, {}],
    [{ 'Content-Length': '0', 'Content-Type': '', 'Content-Encoding': 'identity' }, { expectedBytes: 0 }],
    [{ 'Content-Length': '9007199254740991' }, { expectedBytes: 9007199254740991 }],
    [{ 'If-Match': '"a", W/"b", "c"' }, { expectedBytes: 0, ifMatch: ['a', 'c'] }],
    [{ 'If-Match': '*' }, { expectedBytes: 0, ifMatch: '*' }],
    [{ 'If-Modified-Since': 'Sat, 29 Oct 1994 19:43:31 GMT' }, { expectedBytes: 0 }],
    [
      { 'If-Match': '"a"', 'If-Unmodified-Since': 'x' },
      { expectedBytes: 0, ifMatch: ['a'] },
    ],
  ])('reads %j', (headers, expected) => {
    const { source: _, ...upload } = readRawUpload(incomingRequest(headers));
    expect(upload).toEqual({ expectedDigests: {}, ...expected });
  });

  it.each([
    ['MALFORMED_INPUT content-length', { 'Content-Length': '1e3' }],
    ['MALFORMED_INPUT content-length', { 'Content-Length': '-1' }],
    ['MALFORMED_INPUT content-length', { 'Content-Length': '9007199254740992' }],
    ['MALFORMED_INPUT content-length', { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' }],
    ['UNSUPPORTED transfer-encoding', { 'Transfer-Encoding': 'gzip, chunked' }],
    ['MALFORMED_INPUT content-type', { 'Content-Type': 'nonsense' }],
    ['MALFORMED_INPUT content-encoding', { 'Content-Encoding': 'gzip;q=1' }],
    ['MALFORMED_INPUT content-range', { 'Content-Range': 'bytes 0-4/10' }],
    ['MALFORMED_INPUT content-digest', { 'Content-Digest': 'sha-256=abc' }],
    ['MALFORMED_INPUT repr-digest', { 'Content-Digest': SHA256, 'Repr-Digest': OTHER_SHA256 }],
    ['UNSUPPORTED if-none-match', { 'If-None-Match': '"a"' }],
    ['UNSUPPORTED if-unmodified-since', { 'If-Unmodified-Since': 'Sat, 29 Oct 1994 19:43:31 GMT' }],
    ['PRECONDITION_FAILED if-match', { 'If-Match': 'W/"a"' }],
    ['PRECONDITION_FAILED if-match', { 'If-Match': 'a' }],
    ['PRECONDITION_FAILED if-match', { 'If-Match': '"*"' }],
  ])('refuses with %s: %j', (expected, headers) => {
    expect(refusalOf(incomingRequest(headers as unknown as Record<string, string>))).toBe(expected);
  });

  it.each(['Host', 'Content-Length', 'Content-Type', 'Content-Range', 'Transfer-Encoding'])(
    'refuses a second %s line',
    (name) => {
      const request = incomingRequest({ [name]: '1' });
      request.rawHeaders.push(name.toUpperCase(), '1');
      expect(refusalOf(request)).toBe(`MALFORMED_INPUT ${name.toLowerCase()}`);
    },
  );

  it('names a body parser that was first', async () => {
    const request = incomingRequest({ 'Content-Type': 'application/json', 'Content-Length': '2' }, [Buffer.from('{}')]);
    request.resume();
    await once(request, 'end');
    expect(() => readRawUpload(request)).toThrow(/application\/json was read before.*a body parser ran first/);
    expect(refusalOf(request)).toBe('INVALID_OPTION undefined');
  });

  it('names a body parser that has only begun', async () => {
    const request = incomingRequest({ 'Content-Length': '4' }, [Buffer.from('{}')], { complete: false });
    await new Promise((resolve) => request.once('data', resolve));
    request.pause();
    expect(refusalOf(request)).toBe('INVALID_OPTION undefined');
  });

  it('says that the client is gone', () => {
    const request = incomingRequest({ 'Content-Length': '4' }, [], { complete: false });
    request.destroy();
    expect(refusalOf(request)).toBe('SOURCE_CLOSED undefined');
  });

  it.each([
    ['two Hosts', 'Host: a\r\nHost: b\r\nContent-Length: 0\r\n'],
    ['two Content-Lengths', 'Host: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n'],
    ['Content-Length with Transfer-Encoding', 'Host: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n'],
  ])('refuses %s on the wire, where Node.js itself does not', async (_, lines) => {
    for (const insecureHTTPParser of [false, true]) {
      const server = await LoopbackServer.start(
        (request, response) => {
          response.statusCode = refusalOf(request) === 'none' ? 200 : 400;
          response.end();
        },
        { insecureHTTPParser },
      );
      const answer = await server.exchange(`PUT / HTTP/1.1\r\nConnection: close\r\n${lines}\r\n0\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      await server.close();
    }
  });
});
