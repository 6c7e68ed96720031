import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { curl } from '../support/curl.js';
import { ServiceProcess } from '../support/service-process.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';

async function startAndFail(env: Record<string, string>): Promise<string> {
  const service = await ServiceProcess.spawn({ env });
  const { code, signal, stdout, stderr } = await service.exited;
  await service.dispose();
  expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '' });
  return stderr;
}

describe('the start of the service', () => {
  it.each([
    [{ PORT: 'http' }, 'PORT is "http", but it must be a whole number from 0 to 65535\n'],
    [{ HOST: 'no host' }, 'HOST is "no host", but it must be an IP address or a host name\n'],
    [{ DEFAULT_STORE: 'tape' }, 'DEFAULT_STORE is "tape", but it must be fs\n'],
    [{ MAX_UPLOAD_BYTES: '1GB' }, 'MAX_UPLOAD_BYTES is "1GB", but it must be a whole number of 1 or more\n'],
    [
      { MAX_CONCURRENT_TRANSFERS: '0' },
      'MAX_CONCURRENT_TRANSFERS is "0", but it must be a whole number of 1 or more\n',
    ],
    [{ IDLE_TIMEOUT_MS: '-1' }, 'IDLE_TIMEOUT_MS is "-1", but it must be a whole number from 0 to 2147483647\n'],
    [{ BANDWIDTH_LIMIT: '1.5' }, 'BANDWIDTH_LIMIT is "1.5", but it must be a whole number of 1 or more\n'],
    [{ SHUTDOWN_GRACE_MS: '30s' }, 'SHUTDOWN_GRACE_MS is "30s", but it must be a whole number from 0 to 2147483647\n'],
    [{ HTTP_ADAPTER: 'hapi' }, 'HTTP_ADAPTER is "hapi", but it must be one of express, fastify\n'],
  ])('stops at %j with one line', async (env, line) => {
    expect(await startAndFail(env)).toBe(line);
  });

  it('stops with one line where the port is taken', async () => {
    const first = await ServiceProcess.start();
    try {
      expect(await startAndFail({ PORT: String(first.port) })).toBe(
        `PORT is "${first.port}", but it must be free on 127.0.0.1: another process listens there\n`,
      );
    } finally {
      await first.dispose();
    }
  });

  it('stops with one line where the host is not of this machine', async () => {
    // A documentation address (RFC 5737).
    expect(await startAndFail({ HOST: '192.0.2.1' })).toBe(
      'HOST is "192.0.2.1", but it must be an address of this machine\n',
    );
  });

  it('stops with one line where DATA_DIR is no folder', async () => {
    const folder = await makeTemporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const stderr = await startAndFail({ DATA_DIR: join(folder, 'file') });
    await removeFolder(folder);
    expect(stderr).toMatch(/^DATA_DIR is ".*\/file", but it must be a folder that can be written: .+\n$/);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('makes DATA_DIR, says where it listens, and nothing else', async () => {
    const folder = await makeTemporaryFolder();
    const service = await ServiceProcess.start({ dataDir: join(folder, 'a', 'b') });
    try {
      expect((await curl([`${service.url}/health/ready`])).status).toBe(200);
      const { code, stdout, stderr } = await service.stop();
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `listening on ${service.url}\n`, stderr: '' });
    } finally {
      await service.dispose();
      await removeFolder(folder);
    }
  });

  it('listens on IPv6 too', async () => {
    const service = await ServiceProcess.start({ env: { HOST: '::1' } });
    try {
      expect(service.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
      expect((await curl([`${service.url}/health/live`])).status).toBe(200);
    } finally {
      await service.dispose();
    }
  });
});
