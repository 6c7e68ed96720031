import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';

import { AppModule } from './app.module.js';
import type { HttpAdapterName, Settings } from './settings/index.js';

/** Starts the service. @returns the address at which it listens. */
export async function serve(settings: Settings): Promise<string> {
  const app = await NestFactory.create(AppModule.for(settings), await adapterOf(settings.httpAdapter), {
    logger: ['fatal', 'error', 'warn'],
    abortOnError: false,
  });
  app.enableShutdownHooks();
  await app.listen(settings.port, settings.host);
  const { address, family, port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Loads only the one that is used. */
async function adapterOf(name: HttpAdapterName): Promise<AbstractHttpAdapter> {
  if (name === 'fastify') {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    // Keys have up to 1,024 bytes, each of which may be three characters of an address.
    return new FastifyAdapter({ routerOptions: { maxParamLength: 4096 } });
  }
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const adapter = new ExpressAdapter();
  adapter.disable('x-powered-by');
  return adapter;
}
