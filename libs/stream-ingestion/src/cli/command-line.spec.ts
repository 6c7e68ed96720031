import { parseCommandLine } from './command-line.js';
import { HELP_TEXT } from './help-text.js';

const file = (path: string) => ({ kind: 'file', path });

describe('parseCommandLine', () => {
  it('has these defaults', () => {
    expect(parseCommandLine(['put', 'a', 'b'])).toEqual({
      kind: 'transfer',
      sources: [file('a')],
      destination: file('b'),
      digests: [],
      codec: undefined,
      range: undefined,
      bytesPerSecond: undefined,
      concurrency: 4,
      json: false,
      quiet: false,
    });
  });

  it('reads every option, before and behind the arguments', () => {
    const line =
      '--digest sha256,MD5 --json get --range 1-2 a --limit-rate 1M -q - --digest SHA-256 --gunzip --concurrency 64';
    expect(parseCommandLine(line.split(' '))).toEqual({
      kind: 'transfer',
      sources: [file('a')],
      destination: { kind: 'stdio' },
      digests: ['sha256', 'md5'],
      codec: 'gunzip',
      range: { kind: 'from', start: 1, end: 2 },
      bytesPerSecond: 1_048_576,
      concurrency: 64,
      json: true,
      quiet: true,
    });
  });

  it('takes several sources to put into a directory', () => {
    expect(parseCommandLine(['put', 'a', 'http://host/b', '--', '--c', 'dir'])).toMatchObject({
      sources: [file('a'), { kind: 'http' }, file('--c')],
      destination: file('dir'),
    });
  });

  it.each([['--help'], ['-h'], ['put', '--help'], ['--version', '--help']])('%j asks for help', (...args) => {
    expect(parseCommandLine(args)).toEqual({ kind: 'help' });
  });

  it('asks for the version', () => {
    expect(parseCommandLine(['--version'])).toEqual({ kind: 'version' });
  });

  it.each([
    ['', 'what to do is missing: put or get'],
    ['copy a b', 'unknown command "copy": it can be put or get'],
    ['put a', 'too few arguments: put SOURCE... DESTINATION'],
    ['get a', 'too few arguments: get SOURCE DESTINATION'],
    ['get a b c', 'too many arguments: get SOURCE DESTINATION'],
    ['put --range 0-1 a b', '--range goes with get, not with put'],
    ['get --range 0-1 - b', '--range needs a file or an http(s) URL, not standard input'],
    ['put --gzip --gunzip a b', '--gzip and --gunzip exclude each other'],
    ['put a b -', 'several sources need a directory as their destination'],
    ['put a/x b/x dir', 'two sources would both become "x" in the destination'],
    ['put a - dir', 'stdin has no file name of its own: name the destination file'],
    ['put --digest crc64 a b', 'unknown digest "crc64": it can be sha256, sha512, sha384, sha1, md5, crc32, crc32c'],
    ['put --digest sha256, a b', 'unknown digest "": it can be sha256, sha512, sha384, sha1, md5, crc32, crc32c'],
    ['put --concurrency 0 a b', '--concurrency must be a whole number from 1 to 64, but it is "0"'],
    ['put --concurrency 65 a b', '--concurrency must be a whole number from 1 to 64, but it is "65"'],
    ['put --concurrency 2x a b', '--concurrency must be a whole number from 1 to 64, but it is "2x"'],
  ])('refuses "%s"', (line, message) => {
    const args = line === '' ? [] : line.split(' ');
    expect(() => parseCommandLine(args)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message }) as Error);
  });

  it.each(['--compress', '--json=yes', '--digest', '-x'])('refuses the option %s', (option) => {
    expect(() => parseCommandLine(['put', 'a', 'b', option])).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(option.split('=')[0] ?? '') as string,
      }) as Error,
    );
  });
});

describe('HELP_TEXT', () => {
  it('fits a terminal of 80 columns', () => {
    expect(HELP_TEXT.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
