import { Readable } from 'node:stream';

import type { ByteSource } from '../../contracts/index.js';

const ignore = (): void => undefined;

/** Lets go of a source that the engine never got, as the engine would have. Never throws: a better error is on its way. */
export async function discardSource(source: ByteSource, keepReadable: boolean): Promise<void> {
  try {
    if (source instanceof Readable) {
      if (keepReadable) return;
      source.on('error', ignore).destroy();
    } else if ('cancel' in source) {
      await source.cancel();
    } else if ('pull' in source) {
      await source.close();
    } else if (Symbol.asyncIterator in source) {
      await source[Symbol.asyncIterator]().return?.();
    }
  } catch {
    // Its owner hears of the failure that made us discard it.
  }
}
