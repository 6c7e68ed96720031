import { parseArgs } from 'node:util';

import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '../contracts/index.js';
import { parseByteRate } from './byte-rate.js';
import { fileNameOf, parseDestination, parseSource, type Location } from './location.js';
import { parseRange, type RangeRequest } from './range-option.js';
import { usageError } from './usage-error.js';

export interface TransferCommand {
  readonly kind: 'transfer';
  readonly sources: readonly Location[];
  readonly destination: Exclude<Location, { kind: 'http' }>;
  readonly digests: readonly DigestAlgorithm[];
  readonly codec: 'gzip' | 'gunzip' | undefined;
  readonly range: RangeRequest | undefined;
  /** Over all sources together. */
  readonly bytesPerSecond: number | undefined;
  readonly concurrency: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

export type Command = TransferCommand | { readonly kind: 'help' } | { readonly kind: 'version' };

const DEFAULT_CONCURRENCY = 4;
const MAX_CONCURRENCY = 64;

/**
 * Reads the arguments that follow the name of the command.
 *
 * @throws INVALID_OPTION with a sentence for the person who typed them.
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parseOptions(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [verb, ...locations] = positionals;
  if (verb === undefined) throw usageError('what to do is missing: put or get');
  if (verb !== 'put' && verb !== 'get') throw usageError(`unknown command "${verb}": it can be put or get`);
  if (verb === 'put' && values.range !== undefined) throw usageError('--range goes with get, not with put');
  if (values.gzip && values.gunzip) throw usageError('--gzip and --gunzip exclude each other');
  const { sources, destination } = parseLocations(verb, locations);
  if (values.range !== undefined && sources[0]?.kind === 'stdio') {
    throw usageError('--range needs a file or an http(s) URL, not standard input');
  }
  return {
    kind: 'transfer',
    sources,
    destination,
    digests: parseDigests(values.digest ?? []),
    codec: values.gzip ? 'gzip' : values.gunzip ? 'gunzip' : undefined,
    range: values.range === undefined ? undefined : parseRange(values.range),
    bytesPerSecond: values['limit-rate'] === undefined ? undefined : parseByteRate(values['limit-rate']),
    concurrency: parseConcurrency(values.concurrency),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        digest: { type: 'string', multiple: true },
        gzip: { type: 'boolean' },
        gunzip: { type: 'boolean' },
        range: { type: 'string' },
        'limit-rate': { type: 'string' },
        concurrency: { type: 'string' },
        json: { type: 'boolean' },
        quiet: { type: 'boolean', short: 'q' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

function parseLocations(verb: 'put' | 'get', locations: readonly string[]) {
  const wanted = verb === 'put' ? 'SOURCE... DESTINATION' : 'SOURCE DESTINATION';
  const last = locations.at(-1);
  if (last === undefined || locations.length < 2) throw usageError(`too few arguments: ${verb} ${wanted}`);
  if (verb === 'get' && locations.length > 2) throw usageError(`too many arguments: ${verb} ${wanted}`);
  const sources = locations.slice(0, -1).map(parseSource);
  const destination = parseDestination(last);
  if (sources.length > 1) assertTheyFitOneDirectory(sources, destination);
  return { sources, destination };
}

function assertTheyFitOneDirectory(sources: readonly Location[], destination: Location): void {
  if (destination.kind !== 'file') throw usageError('several sources need a directory as their destination');
  const seen = new Set<string>();
  for (const name of sources.map(fileNameOf)) {
    if (seen.has(name)) throw usageError(`two sources would both become "${name}" in the destination`);
    seen.add(name);
  }
}

function parseDigests(values: readonly string[]): DigestAlgorithm[] {
  const names = values.flatMap((value) => value.split(','));
  return [...new Set(names.map(parseDigest))];
}

// SHA-256 and sha256 are the same thing to a person.
function parseDigest(name: string): DigestAlgorithm {
  const plain = name.trim().toLowerCase().replaceAll('-', '');
  const algorithm = DIGEST_ALGORITHMS.find((known) => known === plain);
  if (algorithm !== undefined) return algorithm;
  throw usageError(`unknown digest "${name}": it can be ${DIGEST_ALGORITHMS.join(', ')}`);
}

function parseConcurrency(text: string | undefined): number {
  if (text === undefined) return DEFAULT_CONCURRENCY;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= MAX_CONCURRENCY) return value;
  throw usageError(`--concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}, but it is "${text}"`);
}
