import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { StreamIngestionError } from '../../contracts/index.js';
import { LoopbackServer, readToClose } from '../../testing/http/loopback-server.js';
import type { DiscardLimits } from './discard-rest.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './send-problem.js';

const TOO_LARGE = problemOf(new StreamIngestionError('LIMIT_EXCEEDED', 'too large'));
const BODY = JSON.stringify(TOO_LARGE.body);
const MIB = 1024 * 1024;
const ENDLESS = `PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: ${10 * 1024 * MIB}\r\n\r\n`;

describe('sendProblem', () => {
  let server: LoopbackServer;
  let sent: Promise<void>[];
  let read: number;
  let before: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
  let limits: DiscardLimits;

  beforeEach(async () => {
    sent = [];
    read = 0;
    before = () => undefined;
    limits = {};
    server = await LoopbackServer.start((request, response) => {
      sent.push(
        (async () => {
          await before(request, response);
          await sendProblem(request, response, TOO_LARGE, limits);
          read = request.socket.bytesRead;
        })(),
      );
    });
  });

  afterEach(async () => {
    await server.close();
    await Promise.all(sent);
  });

  /** Writes as fast as it is let, for ever; gives back what it got. */
  async function flood(): Promise<string> {
    const socket = await server.connect();
    const answer = readToClose(socket);
    const chunk = Buffer.alloc(MIB);
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
      socket.once('drain', write);
    };
    socket.write(ENDLESS);
    write();
    return answer;
  }

  it('lets a client that never stops sending see the answer', async () => {
    const answer = await flood();
    expect(answer).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer.endsWith(`\r\n\r\n${BODY}`)).toBe(true);
    await Promise.all(sent);
    expect(read).toBeGreaterThan(MIB);
    expect(read).toBeLessThan(16 * MIB);
  });

  it('does so where the upload was under way, and somebody stopped reading', async () => {
    before = (request) =>
      new Promise((resolve) => {
        request.on('data', () => {
          request.removeAllListeners('data').pause();
          resolve();
        });
      });
    expect(await flood()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('does so where an iterator was left', async () => {
    before = async (request) => {
      for await (const _ of request.iterator({ destroyOnReturn: false })) break;
    };
    expect(await flood()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('does so where somebody still waits for the stream to be readable', async () => {
    before = (request) => void request.on('readable', () => undefined);
    expect(await flood()).toMatch(/^HTTP\/1\.1 413 /);
    await Promise.all(sent);
    expect(read).toBeGreaterThan(MIB);
  });

  it('ends the connection of a client that neither sends nor leaves', async () => {
    limits = { discardMs: 50 };
    const answer = await server.exchange(ENDLESS);
    expect(answer.endsWith(BODY)).toBe(true);
  });

  it('keeps the connection where the body was read', async () => {
    before = async (request) => {
      for await (const _ of request);
    };
    const put = 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc';
    const answer = await server.exchange(put, put, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.match(/HTTP\/1\.1 413 /g)).toHaveLength(3);
    expect(answer.match(/connection: close/gi)).toHaveLength(1);
  });

  it('keeps the connection where the body is here, but was not read', async () => {
    before = () => new Promise((resolve) => setTimeout(resolve, 20));
    const put = 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc';
    const answer = await server.exchange(put, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.match(/HTTP\/1\.1 413 /g)).toHaveLength(2);
  });

  it('keeps the connection of a request without a body, even at once', async () => {
    const answer = await server.exchange(
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer.match(/HTTP\/1\.1 413 /g)).toHaveLength(2);
  });

  it('sends no body to HEAD', async () => {
    const answer = await server.exchange('HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(new RegExp(`\\r\\ncontent-length: ${BODY.length}\\r\\n`));
    expect(answer.endsWith('\r\n\r\n')).toBe(true);
  });

  it('takes back what was said of a representation, and nothing else', async () => {
    before = (_, response) => {
      response.setHeader('ETag', '"x"').setHeader('Content-Length', 5).setHeader('Content-Encoding', 'gzip');
      response.setHeader('Vary', 'Origin').setHeader('Content-Security-Policy', 'sandbox');
    };
    const answer = await server.exchange('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).not.toMatch(/etag|gzip/i);
    expect(answer).toMatch(/\r\nVary: Origin\r\n/);
    expect(answer).toMatch(/\r\nContent-Security-Policy: sandbox\r\n/);
    expect(answer.endsWith(BODY)).toBe(true);
  });

  it('breaks the connection where the answer has begun', async () => {
    before = (_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      return new Promise((resolve) => response.write('12345', () => resolve()));
    };
    const answer = await server.exchange('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(answer.endsWith('12345')).toBe(true);
  });

  it('leaves an answer alone that is complete', async () => {
    before = (_, response) => {
      response.end('done');
    };
    const answer = await server.exchange('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.endsWith('done')).toBe(true);
  });

  it('settles where the client has left', async () => {
    before = (request) => new Promise((resolve) => request.once('close', () => resolve()));
    const socket = connect(server.port, '127.0.0.1');
    socket.write(ENDLESS, () => socket.destroy());
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(Promise.all(sent)).resolves.toEqual([undefined]);
  });

  it('settles where the client leaves in the midst of it', async () => {
    const socket = await server.connect();
    socket.write(ENDLESS);
    socket.once('data', () => socket.resetAndDestroy());
    await new Promise((resolve) => socket.once('close', resolve));
    await expect(Promise.all(sent)).resolves.toEqual([undefined]);
  });

  // Where there is no curl the raw client above has to do.
  const curlIsThere = spawnSync('curl', ['--version']).status === 0;
  (curlIsThere ? it : it.skip)('shows its status to curl, with and without Expect: 100-continue', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'send-problem-'));
    const file = join(directory, 'large');
    await writeFile(file, '');
    await truncate(file, 512 * MIB);
    const curl = (...args: readonly string[]) =>
      promisify(execFile)('curl', [
        '-s',
        '-w',
        '%{http_code}',
        ...args,
        '-T',
        file,
        `http://127.0.0.1:${server.port}/`,
      ]);
    try {
      for (const args of [[], ['-H', 'Expect:'], ['-H', 'Transfer-Encoding: chunked']]) {
        expect((await curl(...args)).stdout).toBe(`${BODY}413`);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
