import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { ingestStream } from '../engine/index.js';
import { FileSink } from './file.sink.js';

const summary = { bytes: 0, digests: {} };
const never = new AbortController().signal;

describe('FileSink', () => {
  let directory: string;
  const at = (name: string): string => join(directory, name);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'file-sink-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('shows nothing under the name until it is finalized', async () => {
    const sink = new FileSink(at('a'));
    await sink.write(Buffer.from('one '));
    await sink.writev([Buffer.from('two '), Buffer.from('three')]);
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/^\.stream-ingest-[\w-]{12}\.part$/)]);
    await expect(sink.finalize(summary, never)).resolves.toEqual({ path: at('a'), created: true });
    expect(readdirSync(directory)).toEqual(['a']);
    expect(readFileSync(at('a'), 'utf8')).toBe('one two three');
  });

  it('makes an empty file of no bytes', async () => {
    await new FileSink(at('a')).finalize(summary, never);
    expect(statSync(at('a')).size).toBe(0);
  });

  it('replaces a file in one step and keeps its mode', async () => {
    writeFileSync(at('a'), 'before');
    chmodSync(at('a'), 0o640);
    linkSync(at('a'), at('before'));
    const sink = new FileSink(at('a'));
    await sink.write(Buffer.from('after'));
    expect(readFileSync(at('a'), 'utf8')).toBe('before');
    await expect(sink.finalize(summary, never)).resolves.toEqual({ path: at('a'), created: false });
    expect(readFileSync(at('a'), 'utf8')).toBe('after');
    expect(readFileSync(at('before'), 'utf8')).toBe('before');
    expect(statSync(at('a')).mode & 0o7777).toBe(0o640);
  });

  it('never lets anybody read what the replaced file kept private', async () => {
    writeFileSync(at('a'), 'before', { mode: 0o600 });
    const sink = new FileSink(at('a'));
    await sink.write(Buffer.from('secret'));
    const [temporary = ''] = readdirSync(directory).filter((name) => name.endsWith('.part'));
    expect(statSync(at(temporary)).mode & 0o077).toBe(0);
    await sink.abort();
  });

  it('keeps owner and special bits where it may', async () => {
    writeFileSync(at('a'), '');
    const before = statSync(at('a'));
    chmodSync(at('a'), 0o4750);
    const sink = new FileSink(at('a'));
    await sink.finalize(summary, never);
    const after = statSync(at('a'));
    expect([after.uid, after.gid, after.mode & 0o7777]).toEqual([before.uid, before.gid, 0o4750]);
  });

  it.each([0, 1])('leaves nothing behind when it is aborted after %d writes', async (writes) => {
    writeFileSync(at('a'), 'before');
    const sink = new FileSink(at('a'));
    if (writes > 0) await sink.write(Buffer.from('after'));
    await sink.abort();
    expect(readdirSync(directory)).toEqual(['a']);
    expect(readFileSync(at('a'), 'utf8')).toBe('before');
  });

  it('does not become visible when it is told to stop while it is being finalized', async () => {
    const sink = new FileSink(at('a'));
    await sink.write(Buffer.from('x'));
    await expect(sink.finalize(summary, AbortSignal.abort(new Error('stop')))).rejects.toMatchObject({
      code: 'SINK_FAILED',
    });
    await sink.abort();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('fails and leaves nothing where a directory is in the way', async () => {
    mkdirSync(at('a'));
    const sink = new FileSink(at('a'));
    await sink.write(Buffer.from('x'));
    await expect(sink.finalize(summary, never)).rejects.toMatchObject({
      code: 'KEY_CONFLICT',
      message: `${at('a')}: illegal operation on a directory`,
    });
    await sink.abort();
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('says that the directory is missing', async () => {
    const path = at('missing/a');
    await expect(ingestStream([Buffer.from('x')], new FileSink(path))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `${path}: no such file or directory`,
      abortFailure: undefined,
    });
  });

  it('holds any name that the file system can', async () => {
    const name = 'é'.repeat(127);
    await new FileSink(at(name)).finalize(summary, never);
    expect(readdirSync(directory)).toEqual([name]);
  });

  it('writes any chunks in order', async () => {
    const units = fc.array(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 20 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(units, async (writes) => {
        const sink = new FileSink(at('any'));
        for (const chunks of writes) await sink.writev(chunks);
        await sink.finalize(summary, never);
        expect(readFileSync(at('any')).equals(Buffer.concat(writes.flat()))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
