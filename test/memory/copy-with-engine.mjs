/**
 * Copies a file with the engine alone, in a process of its own, and prints what the kernel says of its memory.
 *
 *     node test/memory/copy-with-engine.mjs SOURCE DESTINATION
 */
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { ingestStream } from 'nestjs-stream-ingestion/engine';

const [sourcePath, destinationPath] = process.argv.slice(2);
const source = await open(sourcePath, 'r');
const destination = await open(destinationPath, 'w');

await ingestStream(
  {
    pull: async (buffer) => (await source.read(buffer, 0, buffer.byteLength)).bytesRead,
    close: () => source.close(),
  },
  {
    write: async (chunk) => {
      for (let offset = 0; offset < chunk.byteLength;) {
        offset += (await destination.write(chunk, offset, chunk.byteLength - offset)).bytesWritten;
      }
    },
    finalize: async () => {
      await destination.sync();
      await destination.close();
    },
    abort: () => destination.close(),
  },
);

const peakKilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
process.stdout.write(JSON.stringify({ peakBytes: peakKilobytes * 1024 }));
