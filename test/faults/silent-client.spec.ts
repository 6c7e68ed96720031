import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { curl } from '../support/curl.js';
import { randomStream } from '../support/random-bytes.js';
import { readTransfers, waitUntilIdle } from '../support/transfers.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';
import { waitUntil } from '../support/wait-until.js';

const MIB = 1024 * 1024;

describe.each(HTTP_ADAPTERS)('a client that falls silent, on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter, IDLE_TIMEOUT_MS: '800' } });

  async function open(head: string): Promise<Socket> {
    const socket = connect(fixture.service.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write(head);
    return socket;
  }

  async function latestOf(key: string) {
    return (await readTransfers(fixture.service)).recent.find((entry) => entry.key === key);
  }

  it('is told so and let go in mid-upload, and nothing is kept', async () => {
    const { service } = fixture;
    const before = await service.storedFiles();
    const socket = await open('PUT /files/silent HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome bytes');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toContain('"code":"IDLE_TIMEOUT"');
    expect(await latestOf('silent')).toMatchObject({ report: { reason: { code: 'IDLE_TIMEOUT' }, bytesIn: 10 } });
    expect(await service.storedFiles()).toEqual(before);
  }, 30_000);

  it('is waited for as long as bytes come, however few', async () => {
    const { service } = fixture;
    const socket = await open(
      'PUT /files/trickle HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 12\r\n\r\n',
    );
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    for (const letter of 'twelve bytes') {
      await sleep(150);
      socket.write(letter);
    }
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect((await curl([service.fileUrl('trickle')])).body.toString()).toBe('twelve bytes');
  }, 30_000);

  it('is let go where it does not read a download', async () => {
    const { service } = fixture;
    await curl(['-T', '-', service.fileUrl('unread')], { stdin: randomStream(64 * MIB) });
    const descriptors = service.openDescriptors().length;
    const socket = await open('GET /files/unread HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    const transfer = await waitUntil('the download is given up', async () => {
      const latest = await latestOf('unread');
      return latest?.direction === 'deliver' && latest;
    });
    expect(transfer).toMatchObject({ report: { reason: { code: 'IDLE_TIMEOUT' } } });
    await waitUntilIdle(service);
    await waitUntil('its descriptors are closed', () => service.openDescriptors().length <= descriptors);
    socket.destroy();
  }, 30_000);
});
