import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';

import { ingestStream } from '../../engine/index.js';
import type { IngestionSink } from '../../contracts/index.js';
import { LoopbackServer } from '../../testing/http/loopback-server.js';
import { problemOf } from '../problem/problem-of.js';
import { sendProblem } from '../problem/send-problem.js';
import { multipartParts } from './multipart-parts.js';
import { readRawUpload } from './raw-upload.js';

const FILE = 'Content-Disposition: form-data; name="f"; filename="x"';
const MIB = 1024 * 1024;

/** Keeps a digest of what was finalized, and counts what was aborted. */
class DigestingSinks {
  readonly finalized: string[] = [];
  aborted = 0;

  create(): IngestionSink<string> {
    const hash = createHash('sha256');
    return {
      write: (chunk) => void hash.update(chunk),
      finalize: () => {
        const digest = hash.digest('hex');
        this.finalized.push(digest);
        return digest;
      },
      abort: () => void (this.aborted += 1),
    };
  }
}

/** An upload server in a few lines, as an application without a framework would write it. */
async function serve(sinks: DigestingSinks, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (request.method === 'PUT') {
      const { source, ...upload } = readRawUpload(request);
      await ingestStream(source, sinks.create(), { ...upload, keepSourceOnFailure: true });
    } else {
      for await (const part of multipartParts(request, { maxFileBytes: 8 * MIB })) {
        if (part.kind === 'file') await ingestStream(part.source, sinks.create());
      }
    }
    response.end('stored');
  } catch (error) {
    await sendProblem(request, response, problemOf(error));
  }
}

describe('uploads over HTTP', () => {
  let server: LoopbackServer;
  let sinks: DigestingSinks;
  let running: Promise<void>[];

  beforeEach(async () => {
    sinks = new DigestingSinks();
    running = [];
    server = await LoopbackServer.start((request, response) => {
      running.push(serve(sinks, request, response));
    });
  });

  afterEach(async () => {
    await server.close();
    await Promise.all(running);
  });

  const put = (lines: string, ...body: (string | Buffer)[]) =>
    server.exchange(`PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n`, ...body);
  const post = (...body: (string | Buffer)[]) => {
    const length = body.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    return server.exchange(
      `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\n\r\n',
      ...body,
    );
  };
  const sha256 = (...pieces: (string | Buffer)[]) => {
    const hash = createHash('sha256');
    for (const piece of pieces) hash.update(piece);
    return hash.digest('hex');
  };

  it('stores a raw body, with a length and without', async () => {
    expect(await put('Content-Length: 5', 'he', 'llo')).toMatch(/stored$/);
    expect(await put('Transfer-Encoding: chunked', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n')).toMatch(/stored/);
    expect(await put('Content-Length: 0')).toMatch(/stored$/);
    expect(sinks.finalized).toEqual([sha256('hello'), sha256('hello'), sha256('')]);
  });

  it('refuses a raw body with another digest, and shows why', async () => {
    const digest = createHash('sha256').update('other').digest('base64');
    const answer = await put(`Content-Length: 5\r\nContent-Digest: sha-256=:${digest}:`, 'hello');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"DIGEST_MISMATCH"');
    expect(sinks).toMatchObject({ finalized: [], aborted: 1 });
  });

  it('stores files of many chunks byte by byte as they were sent', async () => {
    const chunk = Buffer.alloc(MIB, '\r\n--a-almost');
    const head = `--b\r\n${FILE}\r\n\r\n`;
    const answer = await post(
      head.slice(0, 7),
      head.slice(7),
      chunk,
      chunk,
      chunk,
      '\r',
      `\n${head}second\r\n--b`,
      '--\r\n',
    );
    expect(answer).toMatch(/stored$/);
    expect(sinks.finalized).toEqual([sha256(chunk, chunk, chunk), sha256('second')]);
  });

  it.each([
    ['a cut-off form', `--b\r\n${FILE}\r\n\r\ndata`],
    ['a closing boundary short of a byte', `--b\r\n${FILE}\r\n\r\ndata\r\n--b-`],
    ['junk behind the boundary after a file', `--b\r\n${FILE}\r\n\r\ndata\r\n--bjunk\r\n\r\n`],
    ['a bad part after a file', `--b\r\n${FILE}\r\n\r\ndata\r\n--b\r\n ${FILE}\r\n\r\n\r\n--b--\r\n`],
  ])('keeps nothing of %s', async (_, body) => {
    const answer = await post(body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"MALFORMED_INPUT"');
    expect(sinks).toMatchObject({ finalized: [], aborted: 1 });
  });

  it('refuses a file past its limit while it is being sent, and shows why', async () => {
    const answer = await post(`--b\r\n${FILE}\r\n\r\n`, ...Array.from({ length: 64 }, () => Buffer.alloc(MIB)));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"context":{"limit":"maxFileBytes","maxFileBytes":8388608}');
    expect(sinks).toMatchObject({ finalized: [], aborted: 1 });
  });

  it('keeps nothing of clients that leave in the midst of a file, and ends every transfer', async () => {
    for (let count = 0; count < 50; count += 1) {
      const socket = await server.connect();
      socket.on('error', () => undefined);
      const [method, lines] =
        count % 2 === 0 ? ['PUT', ''] : ['POST', 'Content-Type: multipart/form-data; boundary=b\r\n'];
      socket.write(
        `${method} / HTTP/1.1\r\nHost: x\r\n${lines}Content-Length: 100000\r\n\r\n--b\r\n${FILE}\r\n\r\nhalf`,
      );
      while (running.length <= count) await new Promise((resolve) => setImmediate(resolve));
      if (count % 3 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    await Promise.all(running);
    expect(sinks.finalized).toEqual([]);
    const connections = await new Promise((resolve) => server.server.getConnections((_, count) => resolve(count)));
    expect(connections).toBe(0);
  });
});
