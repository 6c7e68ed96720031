import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

const BLOCK_BYTES = 1024 * 1024;

/** Bytes that look random and are the same for the same seed, block by block. */
export function* randomBlocks(bytes: number, seed = 'seed'): Generator<Buffer> {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(BLOCK_BYTES);
  for (let left = bytes; left > 0; left -= BLOCK_BYTES) {
    yield cipher.update(zeros.subarray(0, Math.min(left, BLOCK_BYTES)));
  }
}

export function randomStream(bytes: number, seed?: string): Readable {
  return Readable.from(randomBlocks(bytes, seed), { objectMode: false });
}

export function randomBuffer(bytes: number, seed?: string): Buffer {
  return Buffer.concat([...randomBlocks(bytes, seed)]);
}

/** @returns the SHA-256 of what was written, hexadecimal. */
export async function writeRandomFile(path: string, bytes: number, seed?: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (const block of randomBlocks(bytes, seed)) {
      hash.update(block);
      await file.write(block);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: BLOCK_BYTES })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
