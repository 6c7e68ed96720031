/**
 * Copies a file with the engine alone, in a process of its own, and prints what the kernel says of its memory.
 *
 *     node test/memory/copy-with-engine.mjs SOURCE DESTINATION
 */
import { close, fsync, openSync, read, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { ingestStream } from 'nestjs-stream-ingestion/engine';

const readInto = promisify(read);
const writeFrom = promisify(write);

const [sourcePath, destinationPath] = process.argv.slice(2);
const source = openSync(sourcePath, 'r');
const destination = openSync(destinationPath, 'w');

await ingestStream(
  {
    pull: async (buffer) => (await readInto(source, buffer, 0, buffer.byteLength, null)).bytesRead,
    close: () => promisify(close)(source),
  },
  {
    write: async (chunk) => {
      for (let offset = 0; offset < chunk.byteLength;) {
        const left = chunk.byteLength - offset;
        offset += (await writeFrom(destination, chunk, offset, left, null)).bytesWritten;
      }
    },
    finalize: async () => {
      await promisify(fsync)(destination);
      await promisify(close)(destination);
    },
    abort: () => promisify(close)(destination),
  },
);

const peakKilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
process.stdout.write(JSON.stringify({ peakBytes: peakKilobytes * 1024 }));
