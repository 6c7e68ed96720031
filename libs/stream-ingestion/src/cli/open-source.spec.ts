import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ByteSource } from '../contracts/index.js';
import { ingestStream } from '../engine/index.js';
import { openSource } from './open-source.js';
import { parseRange } from './range-option.js';

const never = new AbortController().signal;

async function textOf(source: ByteSource, unitBytes = 4): Promise<string> {
  const chunks: Buffer[] = [];
  const sink = {
    write: (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk)),
    finalize: () => Buffer.concat(chunks).toString(),
    abort: () => undefined,
  };
  return (await ingestStream(source, sink, { unitBytes })).result;
}

describe('openSource', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'open-source-'));
    path = join(directory, 'a');
    writeFileSync(path, '0123456789');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const open = (range?: string, file = path) =>
    openSource({ kind: 'file', path: file }, range === undefined ? undefined : parseRange(range), never);

  it('reads a whole file', async () => {
    const { source, totalBytes } = await open();
    expect(totalBytes).toBe(10);
    await expect(textOf(source)).resolves.toBe('0123456789');
  });

  it.each([
    ['0-0', '0', 1],
    ['3-6', '3456', 4],
    ['3-99', '3456789', 7],
    ['-3', '789', 3],
  ])('reads the range %s', async (range, text, bytes) => {
    const { source, totalBytes } = await open(range);
    expect(totalBytes).toBe(bytes);
    await expect(textOf(source)).resolves.toBe(text);
  });

  it('reads a file of no bytes', async () => {
    writeFileSync(path, '');
    const { source, totalBytes } = await open();
    expect(totalBytes).toBeUndefined();
    await expect(textOf(source)).resolves.toBe('');
  });

  it.each([
    ['grows', () => appendFileSync(path, 'more')],
    ['shrinks', () => truncateSync(path, 2)],
  ])('fails where the file %s while it is read', async (_what, change) => {
    const { source } = await open();
    change();
    await expect(textOf(source)).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: `${path}: changed while it was being read`,
    });
  });

  it('fails for a range that begins beyond the end', async () => {
    await expect(open('10-')).rejects.toMatchObject({ code: 'RANGE_NOT_SATISFIABLE', context: { size: 10 } });
  });

  it('fails for a file that is not there', async () => {
    const missing = join(directory, 'b');
    await expect(open(undefined, missing)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `${missing}: no such file or directory`,
    });
  });

  it('fails for a directory', async () => {
    mkdirSync(join(directory, 'd'));
    await expect(open(undefined, join(directory, 'd'))).rejects.toMatchObject({
      code: 'KEY_CONFLICT',
      message: `${join(directory, 'd')}: is a directory`,
    });
  });

  it('opens nothing once it was aborted', async () => {
    const reason = new Error('enough');
    await expect(
      openSource({ kind: 'file', path: join(directory, 'b') }, undefined, AbortSignal.abort(reason)),
    ).rejects.toBe(reason);
  });
});
