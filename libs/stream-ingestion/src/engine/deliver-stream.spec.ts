import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip, createGzip } from 'node:zlib';

import {
  StreamIngestionError,
  type ByteRange,
  type ByteSource,
  type DeliverySource,
  type ObjectInfo,
  type PullSource,
  type TransferReport,
} from '../contracts/index.js';
import { deliverStream } from './deliver-stream.js';
import type { DeliverOptions } from './transfer-options.js';

const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255));

class BufferPull implements PullSource {
  closed = 0;
  pulls = 0;
  #offset = 0;
  constructor(readonly bytes: Uint8Array) {}
  async pull(buffer: Uint8Array): Promise<number> {
    await Promise.resolve();
    this.pulls += 1;
    const step = Math.min(buffer.byteLength, this.bytes.byteLength - this.#offset);
    buffer.set(this.bytes.subarray(this.#offset, this.#offset + step));
    this.#offset += step;
    return step;
  }
  close(): void {
    this.closed += 1;
  }
}

class BufferDelivery implements DeliverySource {
  constructor(
    readonly bytes: Uint8Array,
    readonly missing = 0,
  ) {}
  stat(): Promise<ObjectInfo> {
    const size = this.bytes.byteLength;
    return Promise.resolve({ key: 'k', size, etag: 'e', lastModified: new Date(0), digests: {}, metadata: {} });
  }
  read(range?: ByteRange): Promise<ByteSource> {
    const { start, end } = range ?? { start: 0, end: this.bytes.byteLength - 1 };
    return Promise.resolve(new BufferPull(this.bytes.subarray(start, end + 1 - this.missing)));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Holds on to the chunks it was given, as many a Writable does. */
function keepingWritable(): Writable & { chunks: Uint8Array[] } {
  const chunks: Uint8Array[] = [];
  const writable = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  return Object.assign(writable, { chunks });
}

/** A server that delivers with these options, and the outcome of its last delivery. */
async function serving(source: () => DeliverySource | ByteSource, options: DeliverOptions = {}) {
  let settle: (outcome: TransferReport | StreamIngestionError) => void;
  const outcome = new Promise<TransferReport | StreamIngestionError>((resolve) => (settle = resolve));
  const server = createServer((_req, res) => {
    deliverStream(source(), res, options).then(settle, settle);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, outcome };
}

async function bodyOf(port: number): Promise<Buffer> {
  const [response] = (await once(get({ port, host: '127.0.0.1', agent: false }), 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('deliverStream', () => {
  it('gives a Writable that keeps its chunks memory of its own', async () => {
    const destination = keepingWritable();
    const source = new BufferPull(pattern(10_000));
    const report = await deliverStream(source, destination, { unitBytes: 512 });

    expect(Buffer.concat(destination.chunks).equals(pattern(10_000))).toBe(true);
    expect(destination.writableFinished).toBe(true);
    expect(source.closed).toBe(1);
    expect(report).toMatchObject({ direction: 'deliver', outcome: 'completed', bytesIn: 10_000, bytesOut: 10_000 });
    expect(report.writes.count).toBe(20);
  });

  it('reuses two buffers towards an HTTP response', async () => {
    const buffers = new Set<ArrayBufferLike>();
    const source = new BufferPull(pattern(5_000_000));
    const pull = source.pull.bind(source);
    source.pull = (buffer) => {
      buffers.add(buffer.buffer);
      return pull(buffer);
    };
    const { server, port, outcome } = await serving(() => source, { unitBytes: 65_536 });

    expect((await bodyOf(port)).equals(pattern(5_000_000))).toBe(true);
    expect(await outcome).toMatchObject({ outcome: 'completed', peakInFlightChunks: 2 });
    expect(buffers.size).toBe(2);
    server.close();
  });

  it('works with a response whose write was wrapped and drops the callback', async () => {
    const server = createServer((_req, res) => {
      const gzip = createGzip();
      const end = res.end.bind(res);
      const write = res.write.bind(res);
      gzip.on('data', (chunk: Buffer) => !write(chunk) && gzip.pause());
      gzip.on('end', () => end());
      res.on('drain', () => gzip.resume());
      gzip.on('drain', () => res.emit('drain'));
      res.write = (chunk: Buffer) => gzip.write(chunk);
      res.end = () => (gzip.end(), res);
      void deliverStream(new BufferPull(pattern(3_000_000)), res, { unitBytes: 65_536 });
    }).listen(0);
    await once(server, 'listening');
    const [response] = (await once(get({ port: (server.address() as AddressInfo).port }), 'response')) as [
      IncomingMessage,
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of response.pipe(createGunzip())) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(pattern(3_000_000))).toBe(true);
    server.close();
  });

  it('delivers one range of a delivery source', async () => {
    const destination = keepingWritable();
    await deliverStream(new BufferDelivery(pattern(1000)), destination, { range: { start: 10, end: 19 } });
    expect(Buffer.concat(destination.chunks)).toEqual(pattern(1000).subarray(10, 20));
  });

  it('never makes a short body look whole', async () => {
    const { server, port, outcome } = await serving(() => new BufferDelivery(pattern(100_000), 1));
    await expect(bodyOf(port)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await outcome).toMatchObject({ code: 'LENGTH_MISMATCH', report: { outcome: 'failed' } });
    server.close();
  });

  it('pauses the source while the client does not read, and resumes', async () => {
    const source = new BufferPull(Buffer.alloc(64 * 1024 * 1024));
    const { server, port, outcome } = await serving(() => source, { unitBytes: 65_536 });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    socket.pause();
    let stalledAt = -1;
    while (stalledAt !== source.pulls) {
      stalledAt = source.pulls;
      await sleep(100);
    }
    expect(source.pulls).toBeLessThan(1000);
    let received = 0;
    socket.on('data', (chunk: Buffer) => (received += chunk.byteLength));
    socket.resume();
    await once(socket, 'close');

    const report = (await outcome) as TransferReport;
    expect(received).toBeGreaterThan(64 * 1024 * 1024);
    expect(report.outcome).toBe('completed');
    expect(report.waits.sinkMs).toBeGreaterThan(90);
    expect(report.peakInFlightBytes).toBeLessThanOrEqual(131_072);
    server.close();
  });

  it('stops reading at once when the client goes away', async () => {
    const source = new BufferPull(Buffer.alloc(64 * 1024 * 1024));
    const { server, port, outcome } = await serving(() => source, { unitBytes: 65_536 });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();

    expect(await outcome).toMatchObject({ code: 'DESTINATION_CLOSED', report: { outcome: 'aborted' } });
    expect(source.closed).toBe(1);
    expect(source.pulls).toBeLessThan(1000);
    server.close();
  });

  it('drops a client that reads nothing for the idle time', async () => {
    const { server, port, outcome } = await serving(() => new BufferPull(Buffer.alloc(64 * 1024 * 1024)), {
      idleTimeoutMs: 100,
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    socket.pause();
    expect(await outcome).toMatchObject({ code: 'IDLE_TIMEOUT' });
    socket.destroy();
    server.close();
  });

  it('destroys the destination when it is aborted, keeping the reason', async () => {
    const controller = new AbortController();
    const destination = keepingWritable();
    destination.once('pipe', () => undefined);
    setTimeout(() => controller.abort('enough'), 5);
    async function* endless() {
      for (;;) {
        await sleep(1);
        yield pattern(100);
      }
    }
    await expect(deliverStream(endless(), destination, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'enough',
    });
    expect(destination.destroyed).toBe(true);
  });

  it('leaves the destination open where it is asked to', async () => {
    const destination = new PassThrough();
    await deliverStream([Buffer.from('a')], destination, { end: false });
    await deliverStream([Buffer.from('b')], destination, { end: false });
    expect(destination.writableEnded).toBe(false);
    expect((destination.read() as Buffer).toString()).toBe('ab');
    expect(destination.listenerCount('error')).toBe(0);
    expect(destination.listenerCount('close')).toBe(0);
  });

  it('keeps the error of a destination that fails, and closes the source', async () => {
    const source = new BufferPull(pattern(100_000));
    const destination = new Writable({ write: (_chunk, _encoding, done) => done(new Error('printer on fire')) });
    await expect(deliverStream(source, destination, { unitBytes: 100 })).rejects.toMatchObject({
      code: 'DESTINATION_FAILED',
      cause: { message: 'printer on fire' },
    });
    expect(source.closed).toBe(1);
  });

  it('refuses a destination that has ended already', async () => {
    const destination = new PassThrough();
    destination.end();
    const source = new BufferPull(pattern(10));
    await expect(deliverStream(source, destination)).rejects.toMatchObject({ code: 'DESTINATION_CLOSED' });
    expect(source.closed).toBe(1);
  });

  it('keeps the code of an error that opening the reading throws', async () => {
    const source = new BufferDelivery(pattern(10));
    source.read = () => Promise.reject(new StreamIngestionError('RANGE_NOT_SATISFIABLE', 'no such bytes'));
    await expect(deliverStream(source, new PassThrough(), { range: { start: 20, end: 30 } })).rejects.toMatchObject({
      code: 'RANGE_NOT_SATISFIABLE',
      report: { bytesOut: 0 },
    });
  });

  it('goes through transforms and computes digests of what the destination gets', async () => {
    const destination = keepingWritable();
    const upper = {
      name: 'upper',
      transform: (chunk: Uint8Array, emit: (chunk: Uint8Array) => Promise<void> | void) =>
        emit(Buffer.from(Buffer.from(chunk).toString().toUpperCase())),
    };
    const report = await deliverStream([Buffer.from('abc')], destination, { transforms: [upper], digests: ['md5'] });
    expect(Buffer.concat(destination.chunks).toString()).toBe('ABC');
    expect(report.digests).toEqual({ md5: '902fbdd2b1df0c4f70b4a5d23525e932' });
  });

  it('outlives a destination that takes everything and then cannot be closed', async () => {
    const destination = new Writable({
      write: (_chunk, _encoding, callback) => callback(),
      destroy: (_error, callback) => void setImmediate(callback, new Error('cannot be closed')),
    });
    const closed = new Promise((resolve) => destination.once('close', resolve));
    expect(await deliverStream([pattern(10)], destination)).toMatchObject({ outcome: 'completed', bytesOut: 10 });
    // An error without a listener would end the process here.
    await closed;
    expect(destination.errored).toMatchObject({ message: 'cannot be closed' });
  });
});
