import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { shutdownOnSignals } from 'nestjs-stream-ingestion';

import { AppModule } from './app.module.js';
import { createHttpAdapter } from './http-adapter.js';
import type { Settings } from './settings/index.js';

const LOG_LEVELS: LogLevel[] = ['fatal', 'error', 'warn'];

/** Starts the service. @returns the address at which it listens. */
export async function serve(settings: Settings): Promise<string> {
  const app = await NestFactory.create(AppModule.for(settings), await createHttpAdapter(settings.httpAdapter), {
    logger: LOG_LEVELS,
    abortOnError: false,
  });
  shutdownOnSignals(app);
  // What prevents the listening is told by whoever called us, in other words than Nest's.
  app.useLogger(['fatal']);
  await app.listen(settings.port, settings.host);
  app.useLogger(LOG_LEVELS);
  const { address, family, port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
