import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { usageError } from './usage-error.js';

/** Standard input or output, one file, or what an http(s) address answers. */
export type Location =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly url: URL };

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** @throws INVALID_OPTION, saying what is supported, for an address of any other kind. */
export function parseSource(text: string): Location {
  const location = parseLocation(text);
  if (location !== undefined) return location;
  throw unsupported('source', text, 'a file, a file:// URL, an http(s) URL or - (standard input)');
}

/** @throws INVALID_OPTION, saying what is supported, for an address of any other kind. */
export function parseDestination(text: string): Exclude<Location, { kind: 'http' }> {
  const location = parseLocation(text);
  if (location !== undefined && location.kind !== 'http') return location;
  throw unsupported('destination', text, 'a file, a directory, a file:// URL or - (standard output)');
}

function parseLocation(text: string): Location | undefined {
  if (text === '-') return { kind: 'stdio' };
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return text === '' ? undefined : { kind: 'file', path: text };
  if (scheme !== 'file' && scheme !== 'http' && scheme !== 'https') return undefined;
  try {
    const url = new URL(text);
    return scheme === 'file' ? { kind: 'file', path: fileURLToPath(url) } : { kind: 'http', url };
  } catch (error) {
    throw usageError(`"${withoutSecrets(text)}" is not a valid URL: ${(error as Error).message}`);
  }
}

function unsupported(what: string, text: string, supported: string): Error {
  return usageError(`the ${what} "${withoutSecrets(text)}" is not supported; it can be ${supported}`);
}

/** For messages and reports: an address without user name, password and query, which may hold a signature. */
export function describeLocation(location: Location, stdio: 'stdin' | 'stdout'): string {
  if (location.kind === 'stdio') return stdio;
  return location.kind === 'file' ? location.path : withoutSecrets(location.url.href);
}

function withoutSecrets(text: string): string {
  return text.replace(/^([^:/]+:\/\/)[^/?#]*@/, '$1').replace(/^([^:/]+:\/\/[^?#]*)\?.*$/s, '$1?…');
}

/**
 * Name of the file that a source becomes in a directory.
 *
 * @throws INVALID_OPTION where it has none, or one that would leave the directory.
 */
export function fileNameOf(source: Location): string {
  const name = source.kind === 'file' ? basename(source.path) : source.kind === 'http' ? lastSegment(source.url) : '';
  if (!['', '.', '..'].includes(name) && !(source.kind === 'http' && /[/\\\0]/.test(name))) return name;
  throw usageError(`${describeLocation(source, 'stdin')} has no file name of its own: name the destination file`);
}

function lastSegment({ pathname }: URL): string {
  const segment = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
