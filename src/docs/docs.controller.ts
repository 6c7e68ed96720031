import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Controller, Get, Param, Res, type StreamableFile } from '@nestjs/common';

import { AssetFolder, type FieldTarget } from '../assets/index.js';
import { ApiDescription } from './api-description.js';

// The interface of Swagger UI has pictures as data and styles in its elements.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const OWN_ASSETS = ['index.html', 'start.js'];

/** The description of the API, for people and for programs. */
@Controller()
export class DocsController {
  readonly #own = new AssetFolder({ folder: fileURLToPath(new URL('./public/', import.meta.url)), policy: POLICY });
  #interface: AssetFolder | undefined;

  constructor(private readonly description: ApiDescription) {}

  @Get('docs-json')
  document(): Promise<object> {
    return this.description.document();
  }

  @Get('docs')
  page(@Res({ passthrough: true }) response: FieldTarget): Promise<StreamableFile> {
    return this.#own.serve('index.html', response);
  }

  @Get('docs/:name')
  asset(@Param('name') name: string, @Res({ passthrough: true }) response: FieldTarget): Promise<StreamableFile> {
    if (OWN_ASSETS.includes(name)) return this.#own.serve(name, response);
    this.#interface ??= new AssetFolder({ folder: swaggerInterfaceFolder(), policy: POLICY });
    return this.#interface.serve(name, response);
  }
}

/** It comes with @nestjs/swagger, wherever that is installed. */
function swaggerInterfaceFolder(): string {
  const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/swagger-ui.css'));
}
