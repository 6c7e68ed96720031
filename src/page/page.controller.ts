import { fileURLToPath } from 'node:url';

import { Controller, Get, Param, Res, type StreamableFile } from '@nestjs/common';

import { AssetFolder, type FieldTarget } from '../assets/index.js';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page for people. */
@Controller()
export class PageController {
  readonly #assets = new AssetFolder({
    folder: fileURLToPath(new URL('./public/', import.meta.url)),
    policy: POLICY,
  });

  @Get()
  page(@Res({ passthrough: true }) response: FieldTarget): Promise<StreamableFile> {
    return this.#assets.serve('index.html', response);
  }

  @Get('page/:name')
  asset(@Param('name') name: string, @Res({ passthrough: true }) response: FieldTarget): Promise<StreamableFile> {
    return this.#assets.serve(name, response);
  }
}
