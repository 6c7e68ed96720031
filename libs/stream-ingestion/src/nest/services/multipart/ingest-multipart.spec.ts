import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Controller, Inject, Post, Req } from '@nestjs/common';

import {
  ADAPTERS,
  startApplication,
  type RunningApplication,
} from '../../../../../../test/support/nest-application.js';
import { waitUntil } from '../../../../../../test/support/wait-until.js';
import { ingestStream, TransferRegistry } from '../../../engine/index.js';
import { fsStore } from '../../../stores/fs/index.js';
import { UntouchedBody } from '../../http/body-gate/untouched-body.decorator.js';
import { StreamIngestionModule } from '../../module/stream-ingestion.module.js';
import { StoreRegistry } from '../../stores/store-registry.js';
import { IngestionService } from '../ingestion.service.js';
import type { FileTarget } from './multipart-ingestion.js';

const BOUNDARY = 'boundary';
const part = (name: string, content: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;

describe.each(ADAPTERS)('a form of files on %s', (adapter) => {
  let root: string;
  let running: RunningApplication;
  let targetOf: FileTarget;

  @Controller()
  class FormController {
    @Inject(IngestionService) private readonly ingestion!: IngestionService;

    @Post('form')
    @UntouchedBody()
    async form(@Req() request: object): Promise<string[]> {
      const { reports } = await this.ingestion.ingestMultipart(request, (file, fields) => targetOf(file, fields));
      return reports.map(({ result }) => result.key);
    }
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'form-'));
    targetOf = ({ filename = '' }) => ({ key: filename });
    running = await startApplication(adapter, {
      imports: [
        StreamIngestionModule.forRoot({
          stores: { files: fsStore({ root }) },
          limits: { maxConcurrentTransfers: 1 },
          isGlobal: true,
        }),
      ],
      controllers: [FormController],
    });
  });

  afterEach(async () => {
    await running.app.close();
    await rm(root, { recursive: true });
  });

  const transfers = (): TransferRegistry => running.app.get(TransferRegistry);
  const store = () => running.app.get(StoreRegistry).get();
  const keys = async (): Promise<string[]> => (await store().list()).objects.map(({ key }) => key);

  /** Every file below the root that is no directory: objects, temporary files and all. */
  async function filesOnDisk(): Promise<number> {
    return (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
  }

  function post(body: string): Promise<Response> {
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    return fetch(`${running.url}/form`, { method: 'POST', body, headers });
  }

  /** Sends the head and `begin`; the rest is up to the test. */
  function begin(text: string, contentLength = 100_000) {
    const { hostname, port } = new URL(running.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    const head = `Host: x\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${contentLength}`;
    socket.write(`POST /form HTTP/1.1\r\n${head}\r\n\r\n${text}`);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    return { socket, received: () => received };
  }

  it('takes one place among the transfers, however many files it has', async () => {
    const body = ['a', 'b', 'c', 'd'].map((name) => part(name, `content of ${name}`)).join('') + END;
    const response = await post(body);
    expect([response.status, await response.json()]).toEqual([201, ['a', 'b', 'c', 'd']]);
    expect(await keys()).toEqual(['a', 'b', 'c', 'd']);
    expect(transfers().recent()).toHaveLength(4);
    expect(transfers().running).toBe(0);
  });

  it('is refused whole where two of its files would be one object', async () => {
    targetOf = () => ({ key: 'the only key' });
    const response = await post(part('a', 'first') + part('b', 'second') + END);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'MALFORMED_INPUT',
      detail: 'the form has two files for the key "the only key"',
    });
    expect(await filesOnDisk()).toBe(0);
  });

  it('shows nothing before it was read to its end', async () => {
    const form = part('a', 'first') + part('b', 'second') + END;
    const { socket, received } = begin(form.slice(0, -5), form.length);
    await waitUntil('both files are there', () => transfers().list().length === 2);
    expect(await keys()).toEqual([]);
    socket.write(form.slice(-5));
    await waitUntil('an answer', () => received().startsWith('HTTP/1.1 201'));
    expect(await keys()).toEqual(['a', 'b']);
    socket.destroy();
  });

  it('is read to its end although a shutdown has begun', async () => {
    const form = part('a', 'first') + part('b', 'second') + END;
    const { socket, received } = begin(form.slice(0, 120), form.length);
    await waitUntil('the first file is under way', () => transfers().running === 1);
    transfers().drain();
    socket.write(form.slice(120));
    await waitUntil('an answer', () => received().startsWith('HTTP/1.1 201'));
    expect(await keys()).toEqual(['a', 'b']);
    socket.destroy();
  });

  it.each([
    ['the client goes away in the midst of a file', part('a', 'first') + part('b', 'second').slice(0, -4)],
    ['the client goes away between two files', part('a', 'first') + part('b', 'second')],
  ])('leaves nothing where %s', async (_name, text) => {
    const { socket } = begin(text);
    await waitUntil('both files are under way', () => transfers().list().length === 2);
    socket.destroy();
    await waitUntil('everything has settled', () => transfers().running === 0);
    expect(await filesOnDisk()).toBe(0);
    expect(transfers().recent()).toMatchObject([{ state: 'aborted' }, { state: 'aborted' }]);
  });

  it('leaves nothing where it breaks after files that were fine', async () => {
    const response = await post(`${part('a', 'first')}--${BOUNDARY}\r\nno header at all\r\n\r\nx\r\n${END}`);
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'MALFORMED_INPUT' }]);
    expect(await filesOnDisk()).toBe(0);
  });

  it('leaves nothing where one of its files is aborted while it waits for the others', async () => {
    const { socket, received } = begin(part('a', 'first') + part('b', 'second').slice(0, -4));
    await waitUntil('the second file is under way', () => transfers().list().length === 2);
    const [first] = transfers().list();
    transfers().abort(first?.id ?? '', 'by hand');
    await waitUntil('an answer', () => received().startsWith('HTTP/1.1 503'));
    expect(await filesOnDisk()).toBe(0);
    expect(transfers().recent()).toMatchObject([{ state: 'aborted' }, { state: 'aborted' }]);
    socket.destroy();
  });

  it('deletes what was new where the store refuses at the last moment, and keeps what was replaced', async () => {
    const put = async (key: string, text: string): Promise<void> => {
      await ingestStream([Buffer.from(text)], await store().createSink(key));
    };
    await put('replaced', 'old');
    targetOf = async ({ filename = '' }) => {
      // Somebody is faster, after our upload was begun.
      if (filename === 'last') await put('taken', 'theirs');
      return { key: filename, ...(filename === 'taken' ? { ifNoneMatch: '*' as const } : {}) };
    };
    const names = ['new', 'replaced', 'taken', 'last'];
    const response = await post(names.map((name) => part(name, `ours: ${name}`)).join('') + END);
    expect([response.status, await response.json()]).toMatchObject([412, { code: 'PRECONDITION_FAILED' }]);
    expect(await keys()).toEqual(['replaced', 'taken']);
    const { objects } = await store().list();
    expect(objects.map(({ size }) => size)).toEqual(['ours: replaced'.length, 'theirs'.length]);
  });
});
