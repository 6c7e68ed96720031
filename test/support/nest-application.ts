import type { INestApplication, ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

export const ADAPTERS = ['express', 'fastify'] as const;
export type AdapterName = (typeof ADAPTERS)[number];

export interface RunningApplication {
  readonly app: INestApplication;
  /** Without a slash at the end. */
  readonly url: string;
}

export function createAdapter(name: AdapterName): ExpressAdapter | FastifyAdapter {
  return name === 'express' ? new ExpressAdapter() : new FastifyAdapter();
}

/** Starts an application of these modules on a free port, as a `main.ts` without any set-up of its own would. */
export async function startApplication(
  adapter: AdapterName,
  metadata: ModuleMetadata,
  configure: (app: INestApplication) => void = () => undefined,
  options: NestApplicationOptions = {},
): Promise<RunningApplication> {
  @Module(metadata)
  class ApplicationModule {}

  const app = await NestFactory.create(ApplicationModule, createAdapter(adapter), {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
    ...options,
  });
  configure(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
