import { resolve } from 'node:path';

import { readSettings } from './read-settings.js';
import { SettingError } from './setting-error.js';

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      defaultStore: 'fs',
      maxUploadBytes: undefined,
      maxConcurrentTransfers: 256,
      idleTimeoutMs: 60_000,
      bandwidthLimit: undefined,
      bandwidthLimitPerClient: undefined,
      shutdownDrainDelayMs: 0,
      shutdownGraceMs: 25_000,
      httpAdapter: 'express',
    });
  });

  it('takes every variable', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '::1',
      DATA_DIR: '/srv/files',
      DEFAULT_STORE: 'fs',
      MAX_UPLOAD_BYTES: '10737418240',
      MAX_CONCURRENT_TRANSFERS: '8',
      IDLE_TIMEOUT_MS: '1500',
      BANDWIDTH_LIMIT: '1000000',
      BANDWIDTH_LIMIT_PER_CLIENT: '50000',
      SHUTDOWN_DRAIN_DELAY_MS: '5000',
      SHUTDOWN_GRACE_MS: '0',
      HTTP_ADAPTER: 'fastify',
    });
    expect(settings).toEqual({
      port: 0,
      host: '::1',
      dataDir: '/srv/files',
      defaultStore: 'fs',
      maxUploadBytes: 10_737_418_240,
      maxConcurrentTransfers: 8,
      idleTimeoutMs: 1500,
      bandwidthLimit: 1_000_000,
      bandwidthLimitPerClient: 50_000,
      shutdownDrainDelayMs: 5000,
      shutdownGraceMs: 0,
      httpAdapter: 'fastify',
    });
  });

  it('takes an empty variable as unset', () => {
    expect(readSettings({ PORT: '', DATA_DIR: '', HTTP_ADAPTER: '' })).toEqual(readSettings({}));
  });

  it.each([
    ['PORT', 'abc', 'PORT is "abc", but it must be a whole number from 0 to 65535'],
    ['PORT', '65536', 'PORT is "65536", but it must be a whole number from 0 to 65535'],
    ['PORT', '-1', 'PORT is "-1", but it must be a whole number from 0 to 65535'],
    ['PORT', '3000 ', 'PORT is "3000 ", but it must be a whole number from 0 to 65535'],
    ['PORT', '1e3', 'PORT is "1e3", but it must be a whole number from 0 to 65535'],
    ['HOST', 'not a host', 'HOST is "not a host", but it must be an IP address or a host name'],
    ['HOST', 'a\nb', 'HOST is "a\\nb", but it must be an IP address or a host name'],
    ['DATA_DIR', 'a\0b', 'DATA_DIR is "a\\u0000b", but it must be text without NUL'],
    ['DEFAULT_STORE', 's3', 'DEFAULT_STORE is "s3", but it must be fs'],
    ['MAX_UPLOAD_BYTES', '0', 'MAX_UPLOAD_BYTES is "0", but it must be a whole number of 1 or more'],
    ['MAX_UPLOAD_BYTES', '10M', 'MAX_UPLOAD_BYTES is "10M", but it must be a whole number of 1 or more'],
    [
      'MAX_UPLOAD_BYTES',
      '99999999999999999999',
      'MAX_UPLOAD_BYTES is "99999999999999999999", but it must be a whole number of 1 or more',
    ],
    ['MAX_CONCURRENT_TRANSFERS', '0', 'MAX_CONCURRENT_TRANSFERS is "0", but it must be a whole number of 1 or more'],
    ['IDLE_TIMEOUT_MS', '1.5', 'IDLE_TIMEOUT_MS is "1.5", but it must be a whole number from 0 to 2147483647'],
    ['BANDWIDTH_LIMIT', '0', 'BANDWIDTH_LIMIT is "0", but it must be a whole number of 1 or more'],
    [
      'BANDWIDTH_LIMIT_PER_CLIENT',
      '0x10',
      'BANDWIDTH_LIMIT_PER_CLIENT is "0x10", but it must be a whole number of 1 or more',
    ],
    [
      'SHUTDOWN_DRAIN_DELAY_MS',
      '2147483648',
      'SHUTDOWN_DRAIN_DELAY_MS is "2147483648", but it must be a whole number from 0 to 2147483647',
    ],
    ['SHUTDOWN_GRACE_MS', 'soon', 'SHUTDOWN_GRACE_MS is "soon", but it must be a whole number from 0 to 2147483647'],
    ['HTTP_ADAPTER', 'koa', 'HTTP_ADAPTER is "koa", but it must be one of express, fastify'],
  ])('refuses %s=%j', (variable, value, message) => {
    const reading = (): unknown => readSettings({ [variable]: value });
    expect(reading).toThrow(SettingError);
    expect(reading).toThrow(new Error(message));
  });
});
