import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { CLI_PATH, pathWithCli, runCli, startCli, type CliOptions, type CliRun } from '../support/cli-process.js';
import { openDescriptors } from '../support/process-facts.js';
import { randomBuffer, sha256 } from '../support/random-bytes.js';
import { filesBelow, makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const repository = resolve(__dirname, '../..');
const MIB = 1024 * 1024;
const TEMPORARY = /^\.stream-ingest-[\w-]+\.part$/;
const isRoot = process.getuid?.() === 0;

const run = promisify(execFile);

// Many processes, and every one of them waits for the disk: on a busy machine that adds up.
jest.setTimeout(120_000);

describe('stream-ingest', () => {
  let folder = '';
  let path = '';
  let server: Server;
  let serverUrl = '';
  const bytes = randomBuffer(3 * MIB + 17);
  const text = Buffer.from('one line of a log\n'.repeat(1000));

  const at = (name: string): string => join(folder, name);
  const cli = (line: string, options: Partial<CliOptions> = {}) => runCli(line.split(' '), { cwd: folder, ...options });
  const start = (line: string, options: Partial<CliOptions> = {}) =>
    startCli(line.split(' '), { cwd: folder, ...options });
  /** Not with toEqual, which takes seconds for megabytes. */
  const expectFile = async (name: string, content: Buffer): Promise<void> => {
    const found = await readFile(at(name));
    expect({ name, bytes: found.length, same: found.equals(content) }).toEqual({
      name,
      bytes: content.length,
      same: true,
    });
  };
  /** A line for the shell, with the command on the PATH. Fails as soon as one part of a pipe does. */
  const shell = (line: string) =>
    run('bash', ['-euo', 'pipefail', '-c', line], {
      cwd: folder,
      env: { ...process.env, PATH: path },
      encoding: 'buffer',
      maxBuffer: 64 * MIB,
    });

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { url, headers } = request;
      if (url === '/moved') return response.writeHead(307, { location: '/a.bin' }).end();
      if (url === '/silent') return;
      if (url === '/cut') {
        response.writeHead(200, { 'content-length': 2 * bytes.length }).write(bytes, () => request.socket.destroy());
        return;
      }
      if (url !== '/a.bin') return response.writeHead(404).end('no such thing');
      const [, first, last] = /^bytes=(\d*)-(\d+)$/.exec(headers.range ?? '') ?? [];
      if (last === undefined) return response.end(bytes);
      const begin = first === '' ? bytes.length - Number(last) : Number(first);
      const end = first === '' ? bytes.length - 1 : Number(last);
      const range = `bytes ${begin}-${end}/${bytes.length}`;
      response.writeHead(206, { 'content-range': range }).end(bytes.subarray(begin, end + 1));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  let tools = '';

  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    tools = await makeTemporaryFolder();
    path = await pathWithCli(tools);
    await writeFile(at('a.bin'), bytes);
  });

  afterEach(async () => {
    await removeFolder(folder);
    await removeFolder(tools);
  });

  describe('copies', () => {
    it.each(['put', 'get'])('a file with %s, and says so on standard error', async (verb) => {
      const { code, stdout, stderr } = await cli(`${verb} a.bin b.bin`);
      expect({ code, stdout: stdout.length }).toEqual({ code: 0, stdout: 0 });
      expect(stderr).toMatch(/^b\.bin: 3\.00 MiB in \d[\d.]* m?s, \d[\d.]* [KMG]iB\/s\n$/);
      await expectFile('b.bin', bytes);
      expect(await filesBelow(folder)).toEqual(['a.bin', 'b.bin']);
    });

    it('from and to file URLs', async () => {
      const { code } = await cli(`put ${pathToFileURL(at('a.bin')).href} ${pathToFileURL(at('b c.bin')).href}`);
      expect(code).toBe(0);
      await expectFile('b c.bin', bytes);
    });

    it('over a file, which keeps its mode, through a symbolic link, which stays', async () => {
      await writeFile(at('b.bin'), 'before');
      await chmod(at('b.bin'), 0o600);
      await symlink('b.bin', at('link'));
      expect((await cli('put a.bin link')).code).toBe(0);
      await expectFile('b.bin', bytes);
      expect((await stat(at('b.bin'))).mode & 0o7777).toBe(0o600);
      expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
    });

    it('several sources into a directory', async () => {
      await writeFile(at('empty'), '');
      await mkdir(at('dir'));
      expect((await cli('put a.bin empty dir --concurrency 1')).code).toBe(0);
      expect(await filesBelow(at('dir'))).toEqual(['a.bin', 'empty']);
      await expectFile('dir/a.bin', bytes);
    });

    it('what an http server has, after a redirect', async () => {
      expect((await cli(`get ${serverUrl}/moved b.bin`)).code).toBe(0);
      await expectFile('b.bin', bytes);
    });

    it('to a device as it is', async () => {
      // A device of the test's own where it could come to harm: /dev/null is everybody's.
      const device = isRoot ? at('device') : '/dev/null';
      if (isRoot) await run('mknod', [device, 'c', '1', '3']);
      expect((await cli(`put a.bin ${device}`)).code).toBe(0);
      expect((await stat(device)).isCharacterDevice()).toBe(true);
    });

    it('with the same memory whatever the size', async () => {
      await truncate(at('a.bin'), 8 * MIB);
      await writeFile(at('big.bin'), '');
      await truncate(at('big.bin'), 300 * MIB);
      const tellMemory = `data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))`;
      const memoryOf = async (line: string) => {
        const { code, stderr } = await cli(`${line} --quiet`, { nodeOptions: ['--import', tellMemory] });
        expect(code).toBe(0);
        return Number(stderr) / 1024;
      };
      const small = await memoryOf('put a.bin b.bin');
      const big = await memoryOf('put big.bin b.bin');
      expect((await stat(at('b.bin'))).size).toBe(300 * MIB);
      expect(big - small).toBeLessThan(16);
      expect((await memoryOf('get big.bin - --gzip')) - (await memoryOf('get a.bin - --gzip'))).toBeLessThan(24);
    });
  });

  describe('pipes', () => {
    it('from standard input and to standard output', async () => {
      const { stdout, stderr } = await shell(
        'cat a.bin | stream-ingest put - - | stream-ingest get - b.bin -q; cat b.bin',
      );
      expect(stdout.equals(bytes)).toBe(true);
      expect(stderr.toString()).toMatch(/^stdout: 3\.00 MiB in [^\n]*\n$/);
    });

    it('reads redirected input from where it stands', async () => {
      await shell('{ head -c 0; dd bs=1 count=5 of=/dev/null status=none; stream-ingest put - b.bin -q; } < a.bin');
      await expectFile('b.bin', bytes.subarray(5));
    });

    it('appends to redirected output', async () => {
      await shell('stream-ingest get a.bin - -q > b.bin; stream-ingest get a.bin - -q >> b.bin');
      await expectFile('b.bin', Buffer.concat([bytes, bytes]));
    });

    it('compresses and decompresses', async () => {
      const log = Buffer.concat(Array<Buffer>(200).fill(text));
      await writeFile(at('log'), log);
      await shell('stream-ingest put - - --gzip -q < log > log.gz; gzip -t log.gz; cat log.gz | gunzip | cmp - log');
      expect((await stat(at('log.gz'))).size).toBeLessThan(log.length / 50);
      const { stdout } = await shell('cat log.gz | stream-ingest get - - --gunzip -q');
      expect(stdout.equals(log)).toBe(true);
    });

    it('decompresses what is nearly nothing but zeros', async () => {
      const { stdout } = await shell('head -c 20971520 /dev/zero | gzip | stream-ingest get - - --gunzip -q | wc -c');
      expect(Number(stdout)).toBe(20_971_520);
    });

    it('reads and writes named pipes', async () => {
      await shell('mkfifo in out; cat a.bin > in & cat out > b.bin & sleep 0.3; stream-ingest put in out -q; wait');
      await expectFile('b.bin', bytes);
    });

    it('says nothing where the reader has had enough', async () => {
      const { stdout, stderr } = await shell('stream-ingest get a.bin - | head -c 5');
      expect({ stdout, stderr: stderr.toString() }).toEqual({ stdout: bytes.subarray(0, 5), stderr: '' });
    });

    it('reports all the same where it was asked to', async () => {
      const { stderr } = await shell('stream-ingest get a.bin - --json | head -c 5');
      expect(JSON.parse(stderr.toString())).toMatchObject({
        source: 'a.bin',
        destination: 'stdout',
        outcome: 'aborted',
        reason: { code: 'DESTINATION_CLOSED' },
      });
    });

    it.each([
      ['it has written', 'stream-ingest get a.bin - -q', () => bytes],
      ['it had nothing to write', '! stream-ingest get missing - 2>/dev/null', () => Buffer.alloc(0)],
      ['it broke off', '! stream-ingest get cut.gz - --gunzip 2>/dev/null', () => text],
    ])('leaves a shared output to those who write to it next, after %s', async (_when, line, before) => {
      await writeFile(at('cut.gz'), gzipSync(text).subarray(0, -4));
      // An output that does not block any more would fail cat as soon as the pipe is full.
      const { stdout } = await shell(`{ ${line}; cat a.bin; } | { sleep 1; cat; }`);
      expect(stdout.equals(Buffer.concat([before(), bytes]))).toBe(true);
    });

    it('does not mind when nobody reads its help', async () => {
      const { child, result } = start('--help');
      child.stdout?.destroy();
      const { code, signal, stderr } = await result;
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    });
  });

  describe('ranges', () => {
    it.each([
      ['10-19', [10, 20]],
      ['3145740-', [3145740, 3145745]],
    ])('reads %s of a file', async (range, [first, end]) => {
      const { code, stdout } = await cli(`get --range ${range} a.bin -`);
      expect({ code, stdout }).toEqual({ code: 0, stdout: bytes.subarray(first, end) });
    });

    it('reads the last bytes of a file', async () => {
      const { stdout } = await cli('get --range=-5 a.bin -');
      expect(stdout).toEqual(bytes.subarray(-5));
    });

    it('asks a server for no more', async () => {
      expect((await cli(`get --range 1000-2000999 ${serverUrl}/a.bin b.bin`)).code).toBe(0);
      await expectFile('b.bin', bytes.subarray(1000, 2001000));
    });

    it('fails beyond the end, and leaves nothing', async () => {
      const { code, stderr } = await cli('get --range 3145745- a.bin b.bin');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'stream-ingest: a.bin: the range begins beyond the end: there are 3145745 bytes\n',
      });
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });
  });

  describe('reports', () => {
    it('one line of JSON on standard output', async () => {
      const { code, stdout, stderr } = await cli('put a.bin b.bin --json --digest sha256,md5 --digest crc32c');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.toString()).toMatch(/^[^\n]+\n$/);
      const report = JSON.parse(stdout.toString()) as Record<string, unknown>;
      expect(report).toMatchObject({
        source: 'a.bin',
        destination: 'b.bin',
        direction: 'ingest',
        outcome: 'completed',
        bytesIn: bytes.length,
        bytesOut: bytes.length,
        result: { path: 'b.bin', created: true },
        transforms: [],
        digests: { sha256: sha256(bytes), md5: expect.stringMatching(/^[\da-f]{32}$/) as string },
      });
      expect(Object.keys(report).sort()).toEqual([
        'bytesIn',
        'bytesOut',
        'destination',
        'digests',
        'direction',
        'durationMs',
        'id',
        'outcome',
        'peakInFlightBytes',
        'peakInFlightChunks',
        'result',
        'source',
        'startedAt',
        'throughputBytesPerSecond',
        'transforms',
        'waits',
        'writes',
      ]);
    });

    it('on standard error where the data is on standard output', async () => {
      const { stdout, stderr } = await cli('get a.bin - --json --gzip');
      expect(stdout.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
      expect(JSON.parse(stderr)).toMatchObject({
        destination: 'stdout',
        outcome: 'completed',
        bytesIn: bytes.length,
        bytesOut: stdout.length,
        transforms: [{ name: 'gzip', bytesIn: bytes.length, bytesOut: stdout.length }],
      });
    });

    it('the digests of what is written, to a person too', async () => {
      const { stderr } = await cli('put a.bin b.bin.gz --gzip --digest sha256');
      expect(stderr.split('\n')[1]).toBe(`  sha256 ${sha256(await readFile(at('b.bin.gz')))}`);
    });

    it('one line for each of several sources, also for those that failed', async () => {
      await mkdir(at('dir'));
      const { code, stdout, stderr } = await cli('put a.bin missing dir --json');
      const reports = stdout
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { source: string });
      expect(code).toBe(1);
      expect(stderr).toBe('stream-ingest: missing: no such file or directory\n');
      expect(reports.sort((a, b) => (a.source < b.source ? -1 : 1))).toEqual([
        expect.objectContaining({ source: 'a.bin', destination: 'dir/a.bin', outcome: 'completed' }),
        expect.objectContaining({
          source: 'missing',
          destination: 'dir/missing',
          outcome: 'failed',
          reason: { code: 'NOT_FOUND', message: 'missing: no such file or directory' },
          bytesIn: 0,
          bytesOut: 0,
        }),
      ]);
      expect(await filesBelow(at('dir'))).toEqual(['a.bin']);
    });

    it('nothing at all when it is to be quiet', async () => {
      const { code, stdout, stderr } = await cli('put a.bin b.bin --quiet --digest md5');
      expect({ code, stdout: stdout.toString(), stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    });

    it('the progress on a terminal', async () => {
      // script(1) of util-linux gives the command a terminal.
      const command = `${process.execPath} ${CLI_PATH} put a.bin b.bin --limit-rate 3M`;
      const { stdout } = await run('script', ['-qec', `stty cols 100; ${command}`, '/dev/null'], { cwd: folder });
      expect(stdout).toMatch(/\r +\d+% \[=*> *\] \d[\d.]* [KM]iB of 3\.00 MiB {2}[^\r]*\/s {2}\S+ left {2}a\.bin/);
      expect(stdout).toMatch(/\r\u001b\[Kb\.bin: 3\.00 MiB in [^\r\n]*\r\n$/);
    });
  });

  describe('fails with one line, exit code 1 and nothing left', () => {
    it.each([
      ['put missing b.bin', 'missing: no such file or directory'],
      ['put a.bin missing/b.bin', 'missing: no such file or directory'],
      ['put a.bin missing/', 'missing: no such file or directory'],
      ['put a.bin a.bin/b.bin', 'a.bin/b.bin: not a directory'],
      ['put . b.bin', '.: is a directory'],
      ['get a.bin b.bin --gunzip', 'a.bin: gunzip: the input is damaged, or of another format'],
      ['get URL/missing b.bin', 'URL/missing: the server answered 404 Not Found'],
      ['get URL/cut b.bin', 'URL/cut: '],
    ])('%s', async (line, message) => {
      const { code, stdout, stderr } = await cli(line.replace('URL', serverUrl));
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(`stream-ingest: ${message.replace('URL', serverUrl)}`);
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 1, stdout: '' });
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });

    it('and the file that was there stays as it was', async () => {
      await writeFile(at('cut.gz'), gzipSync(bytes).subarray(0, -9));
      await writeFile(at('b.bin'), 'before');
      const { code, stderr } = await cli('put cut.gz b.bin --gunzip');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'stream-ingest: cut.gz: gunzip: the input ends before the compressed data does\n',
      });
      expect(await readFile(at('b.bin'), 'utf8')).toBe('before');
      expect(await filesBelow(folder)).toEqual(['a.bin', 'b.bin', 'cut.gz']);
    });

    it('where the file that is there may not be written', async () => {
      await writeFile(at('b.bin'), 'before', { mode: 0o444 });
      // Root may write everything: somebody else does it, with a copy of the command that he can read.
      const somebody = isRoot ? { uid: 65534, gid: 65534 } : {};
      await cp(join(repository, 'libs/stream-ingestion/dist'), join(tools, 'dist'), { recursive: true });
      await writeFile(join(tools, 'package.json'), '{ "type": "module" }');
      await Promise.all([chmod(folder, 0o777), chmod(tools, 0o755)]);
      const command = [join(tools, 'dist/cli/main.js'), 'put', 'a.bin', 'b.bin'];
      await expect(run(process.execPath, command, { cwd: folder, ...somebody })).rejects.toMatchObject({
        code: 1,
        stderr: 'stream-ingest: b.bin: permission denied\n',
      });
      expect(await filesBelow(folder)).toEqual(['a.bin', 'b.bin']);
    });

    if (!isRoot) process.stderr.write('full disk: skipped, because mounting a small file system takes root\n');

    (isRoot ? it : it.skip)('on a full disk', async () => {
      await mkdir(at('disk'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'stream-ingestion-test', at('disk')]);
      try {
        const { code, stderr } = await cli('put a.bin disk');
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: 'stream-ingest: disk/a.bin: no space left on device\n',
        });
        expect(await readdir(at('disk'))).toEqual([]);
        expect((await cli('get --range 0-1048575 a.bin disk/b.bin')).code).toBe(0);
      } finally {
        execFileSync('umount', [at('disk')]);
      }
    });
  });

  describe('refuses with exit code 2 and touches nothing', () => {
    it.each([
      [[], 'what to do is missing: put or get'],
      [['put', 'a.bin'], 'too few arguments: put SOURCE... DESTINATION'],
      [['put', 'a.bin', 'b.bin', '--zip'], "Unknown option '--zip'"],
      [
        ['put', 'a.bin', 's3://bucket/key'],
        'the destination "s3://bucket/key" is not supported; it can be a file, a directory, a file:// URL or - (standard output)',
      ],
      [['get', 'postgres://me:secret@host/db?table=t', 'b.bin'], 'the source "postgres://host/db?…" is not supported'],
      [['put', 'a.bin', 'http://127.0.0.1:3000/files/a'], 'the destination "http://127.0.0.1:3000/files/a" is not'],
      [['put', 'a.bin', 'b.bin', '--limit-rate', 'fast'], '--limit-rate must be bytes a second'],
    ])('%j', async (args, message) => {
      const { code, stdout, stderr } = await runCli(args, { cwd: folder });
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`stream-ingest: ${message}`);
      expect(stderr).toContain('Usage: stream-ingest put SOURCE... DESTINATION [options]\n');
      expect(stderr).not.toContain('secret');
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });
  });

  describe('is interrupted with exit code 130 and nothing left', () => {
    const interrupted = (name: string) => ({
      code: 130,
      signal: null,
      stderr: `stream-ingest: stdin: interrupted by ${name}\n`,
    });
    const temporaryFile = (name = '.') =>
      waitUntil('a temporary file', async () => (await readdir(at(name))).find((entry) => TEMPORARY.test(entry)), {
        timeoutMs: 60_000,
      });

    async function startFeeding(): Promise<CliRun> {
      const started = start('put - b.bin', { stdin: 'open' });
      started.child.stdin?.write(bytes);
      const name = await temporaryFile();
      await waitUntil('bytes on disk', async () => (await stat(at(name))).size > 0);
      return started;
    }

    it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s', async (name) => {
      await writeFile(at('b.bin'), 'before');
      const { child, result } = await startFeeding();
      child.kill(name);
      expect(await result).toMatchObject(interrupted(name));
      expect(await filesBelow(folder)).toEqual(['a.bin', 'b.bin']);
      expect(await readFile(at('b.bin'), 'utf8')).toBe('before');
    });

    it('by several signals at once', async () => {
      const { child, result } = await startFeeding();
      // Stopped, so that all of them are there when it goes on.
      for (const name of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCONT'] as const) child.kill(name);
      expect(await result).toMatchObject({ code: 130, signal: null });
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });

    it('while it waits for its rate', async () => {
      const { child, result } = start('put a.bin b.bin --limit-rate 10K');
      await temporaryFile();
      child.kill('SIGINT');
      expect(await result).toMatchObject({ code: 130, signal: null });
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });

    it('while several transfers are under way', async () => {
      await mkdir(at('dir'));
      await writeFile(at('c.bin'), bytes);
      await writeFile(at('d.bin'), bytes);
      const { child, result } = start('put a.bin c.bin d.bin dir --limit-rate 10K --concurrency 2 --json');
      await temporaryFile('dir');
      child.kill('SIGINT');
      const { code, stdout } = await result;
      expect(code).toBe(130);
      const reports = stdout
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(reports).toEqual([1, 2, 3].map(() => expect.objectContaining({ outcome: 'aborted' }) as object));
      expect(await filesBelow(at('dir'))).toEqual([]);
    });

    it('while nobody reads its output', async () => {
      const { child, result } = start('get a.bin - -q', { stdout: 'unread' });
      await waitUntil('the file to be open', () => openDescriptors(child.pid ?? 0).includes(at('a.bin')));
      child.kill('SIGINT');
      expect(await result).toMatchObject({ code: 130, signal: null });
    });

    it('while a server does not answer', async () => {
      const asked = new Promise((resolve) => server.once('request', resolve));
      const { child, result } = start(`get ${serverUrl}/silent b.bin`);
      await asked;
      child.kill('SIGINT');
      expect(await result).toMatchObject({
        code: 130,
        stderr: `stream-ingest: ${serverUrl}/silent: interrupted by SIGINT\n`,
      });
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });

    it('while nobody writes to the named pipe that it reads', async () => {
      await run('mkfifo', [at('pipe')]);
      const { child, result } = start('put pipe b.bin');
      await waitUntil('the pipe to be open', () => openDescriptors(child.pid ?? 0).includes(at('pipe')));
      child.kill('SIGINT');
      expect(await result).toMatchObject({ code: 130, signal: null });
      await rm(at('pipe'));
      expect(await filesBelow(folder)).toEqual(['a.bin']);
    });
  });

  describe('is small', () => {
    /** Everything but Node's own modules that one run has loaded. */
    async function filesLoadedBy(line: string): Promise<string[]> {
      const coverage = at('coverage');
      const { code } = await cli(line, { env: { NODE_V8_COVERAGE: coverage } });
      expect(code).toBe(0);
      const [name = ''] = await readdir(coverage);
      const { result } = JSON.parse(await readFile(join(coverage, name), 'utf8')) as { result: { url: string }[] };
      await removeFolder(coverage);
      return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []));
    }

    it('loads no package at all', async () => {
      for (const line of ['--version', `get ${serverUrl}/a.bin b.bin --gzip --limit-rate 1G --digest sha256`]) {
        const files = await filesLoadedBy(line);
        expect(files).toContain(CLI_PATH);
        expect(files.filter((file) => !file.includes('/libs/stream-ingestion/dist/'))).toEqual([]);
      }
    });

    it('loads what moves bytes only where bytes are to be moved', async () => {
      const forHelp = await filesLoadedBy('--help');
      const forTransfer = await filesLoadedBy('put a.bin b.bin');
      expect(forHelp.length).toBeLessThan(forTransfer.length);
    });

    it('names its version', async () => {
      const { version } = JSON.parse(
        await readFile(join(repository, 'libs/stream-ingestion/package.json'), 'utf8'),
      ) as { version: string };
      const { code, stdout, stderr } = await cli('--version');
      expect({ code, stdout: stdout.toString(), stderr }).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    });
  });

  describe('its guide', () => {
    const guide = () => readFile(join(repository, 'docs/guides/command-line.md'), 'utf8');

    it('has examples that work as they stand', async () => {
      await writeFile(at('film.mkv'), bytes);
      await writeFile(at('access.log'), '127.0.0.1 "GET / HTTP/1.1" 200\n'.repeat(1000));
      await mkdir(at('backup'));
      await mkdir(at('photos'));
      await writeFile(at('photos/1.jpg'), bytes);
      const blocks = [...(await guide()).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
      expect(blocks.length).toBeGreaterThanOrEqual(6);
      for (const block of blocks) await shell(block.replaceAll('https://example.org/film.mkv', `${serverUrl}/a.bin`));

      for (const name of ['backup/film.mkv', 'downloaded.mkv', 'copy.mkv']) await expectFile(name, bytes);
      await expectFile('plain.log', await readFile(at('access.log')));
      await expectFile('beginning', bytes.subarray(0, 100));
      await expectFile('part', bytes.subarray(1000, 2000));
      await expectFile('tail', bytes.subarray(-4096));
      expect(JSON.parse(await readFile(at('report.json'), 'utf8'))).toMatchObject({
        digests: { sha256: sha256(bytes) },
      });
    });

    it('knows every option of the help, and no other', async () => {
      const optionsIn = (text: string) => [...new Set(text.match(/(?<![\w-])--[a-z][\w-]*/g))].sort();
      const { stdout } = await cli('--help');
      const known = optionsIn(stdout.toString()).filter((option) => option !== '--help' && option !== '--version');
      expect(optionsIn(await guide())).toEqual(known);
    });

    it('names the fields of the report', async () => {
      const { stdout } = await cli('put a.bin b.bin --json');
      const text = await guide();
      const unnamed = Object.keys(JSON.parse(stdout.toString()) as object).filter(
        (name) => !text.includes(`\`${name}\``),
      );
      expect(unnamed).toEqual([]);
    });
  });
});
