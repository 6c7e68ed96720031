import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { NotFoundException, StreamableFile } from '@nestjs/common';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

// One name, no path: no slash, no dot in front.
const NAME = /^[a-z0-9][a-z0-9-]*\.[a-z]+$/;

/** What both adapters have for a header field of the answer. */
export interface FieldTarget {
  header(name: string, value: string): unknown;
}

export interface AssetFolderOptions {
  /** Where the files are. */
  readonly folder: string;
  /** Content-Security-Policy of all of them. */
  readonly policy: string;
}

/** Files that come with the program, served by their plain names. */
export class AssetFolder {
  readonly #options: AssetFolderOptions;

  constructor(options: AssetFolderOptions) {
    this.#options = options;
  }

  async serve(name: string, response: FieldTarget): Promise<StreamableFile> {
    const type = TYPES[extname(name)];
    if (type === undefined || !NAME.test(name)) throw new NotFoundException();
    const file = await open(join(this.#options.folder, name)).catch(() => undefined);
    if (file === undefined) throw new NotFoundException();
    response.header('Content-Security-Policy', this.#options.policy);
    response.header('X-Content-Type-Options', 'nosniff');
    response.header('Referrer-Policy', 'no-referrer');
    response.header('Cache-Control', 'no-cache');
    const { size } = await file.stat();
    return new StreamableFile(file.createReadStream(), { type, length: size });
  }
}
