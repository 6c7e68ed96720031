import { StreamIngestionError, type TransferReport } from '../contracts/index.js';
import { parseCommandLine, type TransferCommand } from './command-line.js';
import { Reporter } from './reporter.js';
import type { TransferRecord } from './transfer-record.js';

const report: Partial<TransferReport> = {
  outcome: 'completed',
  bytesIn: 3 * 1024 * 1024,
  bytesOut: 1024 * 1024,
  durationMs: 500,
  throughputBytesPerSecond: 2 * 1024 * 1024,
  digests: { md5: 'aa', sha1: 'bb' },
};

const done: TransferRecord = { source: 'a', destination: 'b', toStdout: false, report: report as TransferReport };

function failed(error: StreamIngestionError, toStdout = false): TransferRecord {
  return { ...done, toStdout, failure: error };
}

function told(line: string, record: TransferRecord) {
  const output = { stdout: '', stderr: '' };
  const outputs = {
    stdout: { write: (text: string) => (output.stdout += text) },
    stderr: { write: (text: string) => (output.stderr += text) },
  };
  new Reporter(parseCommandLine(line.split(' ')) as TransferCommand, outputs, undefined).settled(record);
  return output;
}

describe('Reporter', () => {
  it('sums up on standard error what was done', () => {
    expect(told('put a b', done)).toEqual({
      stdout: '',
      stderr: 'b: 1.00 MiB from 3.00 MiB in 0.50 s, 2.00 MiB/s\n  md5 aa\n  sha1 bb\n',
    });
  });

  it('says nothing of a success where it is to be quiet', () => {
    expect(told('put -q a b', done)).toEqual({ stdout: '', stderr: '' });
  });

  it.each(['put a b --json', 'put a b --json -q'])('writes the report to standard output: %s', (line) => {
    const { stdout, stderr } = told(line, done);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({ source: 'a', destination: 'b', ...report });
  });

  it('writes the report to standard error, alone, where the data is on standard output', () => {
    const { stdout, stderr } = told('get a - --json', failed(new StreamIngestionError('SOURCE_FAILED', 'broken')));
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ source: 'a', destination: 'b' });
  });

  it.each(['put a b', 'put -q a b', 'put --json a b'])('always tells of a failure: %s', (line) => {
    expect(told(line, failed(new StreamIngestionError('MALFORMED_INPUT', 'broken'))).stderr).toBe(
      'stream-ingest: a: broken\n',
    );
  });

  it('does not name a path twice', () => {
    const failure = new StreamIngestionError('NOT_FOUND', 'a: no such file', { context: { path: 'a' } });
    expect(told('put a b', failed(failure)).stderr).toBe('stream-ingest: a: no such file\n');
  });

  it('tells of what could not be cleaned up', () => {
    const failure = new StreamIngestionError('ABORTED', 'stopped');
    failure.abortFailure = new Error('no access');
    expect(told('put a b', failed(failure)).stderr).toBe(
      'stream-ingest: a: stopped\nstream-ingest: b: could not be cleaned up: no access\n',
    );
  });

  it('has nothing to say where the reader of standard output had enough', () => {
    const gone = new StreamIngestionError('DESTINATION_CLOSED', 'gone');
    expect(told('get a -', failed(gone, true)).stderr).toBe('');
    expect(told('get a pipe', failed(gone)).stderr).toBe('stream-ingest: a: gone\n');
  });

  it('lets no name steer the terminal', () => {
    const record = { ...done, destination: 'b\u001b[2J', failure: new StreamIngestionError('ABORTED', 'a\u0007') };
    expect(told('put a b', record).stderr).toBe('stream-ingest: a: a?\n');
    expect(told('put a b', { ...done, destination: 'b\u001b[2J' }).stderr).toContain('b?[2J: ');
  });
});
