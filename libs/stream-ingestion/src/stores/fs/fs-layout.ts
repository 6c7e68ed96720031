import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

import { PRIVATE_FOLDER } from './portable-key.js';

/** Where things are. Objects are plain files at `root/key`; see docs/adr/0002-file-store-layout.md for the rest. */
export class FsLayout {
  /** Without a symbolic link in it. */
  readonly root: string;
  readonly privateFolder: string;
  /** One folder for each running process. */
  readonly temporaryFolder: string;
  readonly sidecarFolder: string;

  constructor(root: string) {
    this.root = root;
    this.privateFolder = join(root, PRIVATE_FOLDER);
    this.temporaryFolder = join(this.privateFolder, 'tmp');
    this.sidecarFolder = join(this.privateFolder, 'meta');
  }

  objectPath(key: string): string {
    return join(this.root, key);
  }

  parentPath(key: string): string {
    return dirname(this.objectPath(key));
  }

  sidecarPath(name: string): string {
    return join(this.shardPath(name), name);
  }

  /** Sidecars are spread over 256 directories, so that none grows without bounds. */
  shardPath(name: string): string {
    return join(this.sidecarFolder, name.slice(0, 2));
  }
}

/** With what the names of all sidecars of a key begin. */
export function sidecarPrefix(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
