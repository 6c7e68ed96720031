import { mkdirSync, mkdtempSync, realpathSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { assertDirectory, findTarget } from './target.js';

describe('where bytes go', () => {
  let directory: string;
  const at = (name: string): string => join(directory, name);
  const target = (destination: string) =>
    findTarget({ kind: 'file', path: 'x/film.mkv' }, { kind: 'file', path: destination });

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'target-')));
    mkdirSync(at('dir'));
    writeFileSync(at('file'), '');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('is standard output', async () => {
    await expect(findTarget({ kind: 'stdio' }, { kind: 'stdio' })).resolves.toEqual({ kind: 'stdout' });
  });

  it.each([
    ['new', 'new'],
    ['file', 'file'],
    ['dir', 'dir/film.mkv'],
    ['dir/', 'dir/film.mkv'],
    ['dir/new', 'dir/new'],
  ])('%s leads to %s', async (destination, path) => {
    await expect(target(`${directory}/${destination}`)).resolves.toEqual({ kind: 'file', path: at(path) });
    expect(readdirSync(at('dir'))).toEqual([]);
  });

  it('is what a link leads to', async () => {
    symlinkSync('file', at('link'));
    await expect(target(at('link'))).resolves.toEqual({ kind: 'file', path: at('file') });
  });

  it('may be a device', async () => {
    await expect(target('/dev/null')).resolves.toEqual({ kind: 'device', path: '/dev/null' });
  });

  it.each([
    ['missing/new', 'missing: no such file or directory', 'NOT_FOUND'],
    ['missing/', 'missing: no such file or directory', 'NOT_FOUND'],
    ['file/new', 'file/new: not a directory', 'KEY_CONFLICT'],
    ['dangling', 'dangling: is a link to nothing', 'KEY_CONFLICT'],
    ['taken', 'taken/film.mkv: is a directory', 'KEY_CONFLICT'],
  ])('cannot be %s', async (destination, message, code) => {
    symlinkSync('nothing', at('dangling'));
    mkdirSync(at('taken/film.mkv'), { recursive: true });
    await expect(target(`${directory}/${destination}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${directory}/${message}`) as string,
    });
  });

  it('has to be a directory for several sources', async () => {
    await expect(assertDirectory({ path: at('dir') })).resolves.toBeUndefined();
    await expect(assertDirectory({ path: at('file') })).rejects.toMatchObject({
      code: 'KEY_CONFLICT',
      message: `${at('file')}: is not a directory`,
    });
    await expect(assertDirectory({ path: at('new') })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
