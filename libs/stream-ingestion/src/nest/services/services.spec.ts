import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ReadableStream } from 'node:stream/web';

import { Test, type TestingModule } from '@nestjs/testing';

import type { ByteSource, IngestionSink } from '../../contracts/index.js';
import { TransferRegistry } from '../../engine/index.js';
import { fsStore } from '../../stores/fs/index.js';
import { gzip } from '../../transforms/index.js';
import type { StreamIngestionOptions } from '../module/module-options.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { TransferObservers } from '../transfers/transfer-observers.js';
import { DeliveryService } from './delivery.service.js';
import { IngestionService } from './ingestion.service.js';

const HELLO_SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

describe('services', () => {
  let root: string;
  let module: TestingModule;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'services-'));
  });

  afterEach(async () => {
    await module.close();
    await rm(root, { recursive: true });
  });

  async function start(options: Omit<StreamIngestionOptions, 'stores'> = {}): Promise<void> {
    module = await Test.createTestingModule({
      imports: [StreamIngestionModule.forRoot({ ...options, stores: { files: fsStore({ root }) } })],
    }).compile();
    await module.init();
  }

  const ingestion = (): IngestionService => module.get(IngestionService);
  const delivery = (): DeliveryService => module.get(DeliveryService);
  const transfers = (): TransferRegistry => module.get(TransferRegistry);

  async function read(key: string): Promise<string> {
    const destination = new PassThrough();
    const received = buffer(destination);
    await delivery().deliver({ key }, destination);
    return (await received).toString();
  }

  /** Takes the one place there is, until it is released. */
  function occupy(): () => Promise<unknown> {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const occupied = transfers().run({ direction: 'ingest' }, undefined, () => released);
    return () => {
      release();
      return occupied;
    };
  }

  describe('IngestionService', () => {
    it('stores with what belongs to it, computes the digests of the module, and lists the transfer', async () => {
      await start({ defaults: { digests: ['sha256', 'md5'] } });
      const report = await ingestion().ingest(Readable.from([Buffer.from('hello')]), {
        key: 'a/hello.txt',
        contentType: 'text/plain',
        contentEncoding: 'identity',
        metadata: { origin: 'here' },
      });
      const digests = { sha256: HELLO_SHA256, md5: '5d41402abc4b2a76b9719d911017c592' };
      expect(report).toMatchObject({ outcome: 'completed', bytesIn: 5, result: { created: true, digests } });
      expect(await delivery().stat({ key: 'a/hello.txt' })).toMatchObject({
        size: 5,
        contentType: 'text/plain',
        metadata: { origin: 'here' },
        digests,
      });
      expect(transfers().recent()).toMatchObject([{ direction: 'ingest', store: 'files', key: 'a/hello.txt' }]);
      expect(await read('a/hello.txt')).toBe('hello');
    });

    it('runs transforms, and knows that the length changes on the way', async () => {
      await start();
      const report = await ingestion().ingest(
        [Buffer.alloc(100_000)],
        { key: 'zeros.gz', contentEncoding: 'gzip' },
        { transforms: [gzip()], expectedBytes: 100_000 },
      );
      expect(report.result.size).toBeLessThan(1000);
    });

    it('holds the limit of the module where the length is not known, unless it is lifted', async () => {
      await start({ limits: { maxUploadBytes: 10 } });
      const upload = (bytes: number, options = {}) => ingestion().ingest([Buffer.alloc(bytes)], { key: 'x' }, options);
      await expect(upload(11)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
      await expect(upload(11, { expectedBytes: 11 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
      await expect(delivery().stat({ key: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect((await upload(10)).result.size).toBe(10);
      expect((await upload(11, { maxBytes: Infinity })).result.size).toBe(11);
      await expect(upload(5, { maxBytes: 4 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    });

    it('replaces one of several versions', async () => {
      await start();
      const put = (text: string, ifMatch?: string | string[]) =>
        ingestion().ingest([Buffer.from(text)], { key: 'k', ifMatch });
      const first = await put('1');
      await expect(put('2', ['other', 'another'])).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
      const second = await put('2', ['other', first.result.etag]);
      expect(second.result.created).toBe(false);
      await expect(put('3', [first.result.etag])).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
      await put('4', '*');
      expect(await read('k')).toBe('4');
    });

    it('lets go of a source of any kind where the transfer is refused', async () => {
      await start({ limits: { maxConcurrentTransfers: 1 } });
      const release = occupy();
      const ends: string[] = [];
      const readable = new PassThrough();
      const sources: ByteSource[] = [
        readable,
        new ReadableStream<Uint8Array>({ cancel: () => void ends.push('cancelled') }),
        { pull: () => 0, close: () => void ends.push('closed') },
        {
          [Symbol.asyncIterator]: () => ({
            next: () => Promise.resolve({ done: true as const, value: undefined }),
            return: () =>
              Promise.resolve(ends.push('returned')).then(() => ({ done: true as const, value: undefined })),
          }),
        },
      ];
      for (const source of sources) {
        await expect(ingestion().ingest(source, { key: 'x' })).rejects.toMatchObject({ code: 'TOO_MANY_TRANSFERS' });
      }
      expect(readable.destroyed).toBe(true);
      expect(ends).toEqual(['cancelled', 'closed', 'returned']);

      const kept = new PassThrough();
      const refused = ingestion().ingest(kept, { key: 'x' }, { keepSourceOnFailure: true });
      await expect(refused).rejects.toMatchObject({ code: 'TOO_MANY_TRANSFERS' });
      expect(kept.destroyed).toBe(false);
      await release();
    });

    it('lets go of the source where the store refuses', async () => {
      await start();
      const source = new PassThrough();
      await expect(ingestion().ingest(source, { key: '../x' })).rejects.toMatchObject({ code: 'INVALID_KEY' });
      expect(source.destroyed).toBe(true);
      await expect(ingestion().ingest([], { key: 'x', store: 'none' })).rejects.toMatchObject({
        code: 'UNKNOWN_STORE',
      });
    });

    it('settles a sink of the caller’s exactly once, also where the transfer is refused', async () => {
      await start({ limits: { maxConcurrentTransfers: 1 } });
      const calls: string[] = [];
      const sink: IngestionSink<string> = {
        write: () => void calls.push('write'),
        finalize: () => {
          calls.push('finalize');
          return 'done';
        },
        abort: () => void calls.push('abort'),
      };
      expect((await ingestion().ingestInto([Buffer.from('x')], sink)).result).toBe('done');
      expect(calls.splice(0)).toEqual(['write', 'finalize']);
      const release = occupy();
      await expect(ingestion().ingestInto([Buffer.from('x')], sink)).rejects.toMatchObject({
        code: 'TOO_MANY_TRANSFERS',
      });
      expect(calls.splice(0)).toEqual(['abort']);
      await release();
      const failing = Readable.from(
        (async function* () {
          yield Buffer.from('x');
          await Promise.reject(new Error('broken'));
        })(),
      );
      await expect(ingestion().ingestInto(failing, sink)).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
      expect(calls.filter((call) => call === 'abort')).toHaveLength(1);
      await expect(ingestion().ingestInto([], 'nowhere')).rejects.toMatchObject({ code: 'UNKNOWN_STORE' });
    });

    it('stops when its signal fires, and leaves nothing', async () => {
      await start();
      const controller = new AbortController();
      const endless = (async function* () {
        for (;;) {
          yield Buffer.alloc(1000);
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      const running = ingestion().ingest(endless, { key: 'x' }, { signal: controller.signal });
      setImmediate(() => controller.abort(new Error('enough')));
      await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
      expect((await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())).toEqual(
        [],
      );
    });

    it('tells observers of every transfer, and the caller’s own', async () => {
      await start();
      const told: string[] = [];
      const stop = module.get(TransferObservers).add(({ key }) => ({ settled: () => void told.push(`all: ${key}`) }));
      const observer = { settled: () => void told.push('own') };
      await ingestion().ingest([], { key: 'a' }, { observer });
      stop();
      await ingestion().ingest([], { key: 'b' });
      expect(told).toEqual(['all: a', 'own']);
    });
  });

  describe('DeliveryService', () => {
    beforeEach(async () => {
      await start();
      await ingestion().ingest([Buffer.from('0123456789')], { key: 'ten' });
    });

    it('sends an object, a range of it, or any bytes, and lists the transfers', async () => {
      const destination = new PassThrough();
      const received = buffer(destination);
      const report = await delivery().deliver({ key: 'ten' }, destination, { range: { start: 2, end: 4 } });
      expect((await received).toString()).toBe('234');
      expect(report).toMatchObject({ direction: 'deliver', bytesOut: 3 });

      const other = new PassThrough();
      const alsoReceived = buffer(other);
      await delivery().deliver([Buffer.from('any'), Buffer.from('thing')], other);
      expect((await alsoReceived).toString()).toBe('anything');
      const [anything, ten] = transfers().recent();
      expect(ten).toMatchObject({ direction: 'deliver', store: 'files', key: 'ten' });
      expect(anything).toMatchObject({ direction: 'deliver', state: 'completed' });
    });

    it('opens an object, and tells of it', async () => {
      const source = await delivery().open({ key: 'ten', store: 'files' });
      expect(await source.stat()).toMatchObject({ key: 'ten', size: 10 });
      await source.close();
      await expect(delivery().open({ key: 'eleven' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(delivery().deliver({ key: 'eleven' }, new PassThrough())).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('lets go of what it was to send where it is refused', async () => {
      const opened: { close(): void | Promise<void> }[] = [];
      const store = module.get(StoreRegistry).get();
      const open = store.open.bind(store);
      const closed = jest.fn();
      jest.spyOn(store, 'open').mockImplementation(async (...parameters) => {
        const source = await open(...parameters);
        opened.push(source);
        const close = source.close.bind(source);
        source.close = () => {
          closed();
          return close();
        };
        return source;
      });
      transfers().drain();
      const server = createServer((request, response) => {
        delivery()
          .send(request, response, { key: 'ten' })
          .catch(({ code }: { code: string }) => response.end(code));
      }).listen(0);
      await once(server, 'listening');
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(await answer.text()).toBe('DRAINING');
      expect([opened.length, closed.mock.calls.length]).toEqual([1, 1]);
      server.close();

      const source = Readable.from([Buffer.from('x')]);
      await expect(delivery().deliver(source, new PassThrough())).rejects.toMatchObject({ code: 'DRAINING' });
      expect(source.destroyed).toBe(true);
    });
  });
});
