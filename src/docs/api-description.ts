import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { filesOpenApiPaths, transfersOpenApiPaths } from 'nestjs-stream-ingestion';

import { operationalPaths } from './operational-paths.js';

/** The OpenAPI document of the service. */
@Injectable()
export class ApiDescription {
  #document: Promise<OpenAPIObject> | undefined;

  document(): Promise<OpenAPIObject> {
    this.#document ??= this.#build();
    return this.#document;
  }

  async #build(): Promise<OpenAPIObject> {
    // Most processes are never asked, so they need not load it.
    const { DocumentBuilder } = await import('@nestjs/swagger');
    const head = new DocumentBuilder()
      .setTitle('File service')
      .setDescription(
        'Files of any size, in and out. Every error is a problem document (RFC 9457) with a stable `code`.',
      )
      .setVersion('1')
      .addTag('files', 'Store, read, list and delete files')
      .addTag('transfers', 'What is under way, and what was')
      .addTag('operations', 'Health and metrics')
      .build();
    return { ...head, paths: { ...filesOpenApiPaths(), ...transfersOpenApiPaths(), ...operationalPaths() } };
  }
}
