import type { AbstractHttpAdapter } from '@nestjs/core';
import { StreamIngestionError } from 'nestjs-stream-ingestion/contracts';
import { problemOf } from 'nestjs-stream-ingestion/http';

import type { HttpAdapterName } from './settings/index.js';

/** What is used of Fastify's reply, over HTTP of any version. */
interface Reply {
  hijack(): unknown;
  readonly raw: {
    writeHead(status: number, fields: Record<string, string>): unknown;
    end(body: string): unknown;
  };
}

/** The adapter of that name. Only the one that is used is loaded. */
export async function createHttpAdapter(name: HttpAdapterName): Promise<AbstractHttpAdapter> {
  return name === 'fastify' ? createFastifyAdapter() : createExpressAdapter();
}

async function createExpressAdapter(): Promise<AbstractHttpAdapter> {
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const adapter = new ExpressAdapter();
  adapter.disable('x-powered-by');
  return adapter;
}

async function createFastifyAdapter(): Promise<AbstractHttpAdapter> {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return new FastifyAdapter({
    // Keys have up to 1,024 bytes, each of which may be three characters of an address.
    routerOptions: { maxParamLength: 4096 },
    // What Fastify's router refuses never reaches Nest and its filters.
    frameworkErrors: (_error: Error, _request: unknown, reply: Reply) => {
      const malformed = new StreamIngestionError('MALFORMED_INPUT', 'the address of the request is malformed');
      const { status, headers, body } = problemOf(malformed);
      reply.hijack();
      // The body, if there is one, is not read.
      const text = JSON.stringify(body);
      const length = String(Buffer.byteLength(text));
      reply.raw.writeHead(status, { ...headers, 'content-length': length, connection: 'close' });
      reply.raw.end(text);
    },
  });
}
