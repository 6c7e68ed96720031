import { StreamIngestionError, isStreamIngestionError, type Transform } from '../contracts/index.js';
import type { ResolvedDeclaration } from './declaration.js';
import { createLibraryTransform } from './library-transforms.js';

/**
 * Makes the transform that was declared; loads its module where it has one.
 *
 * @throws INVALID_OPTION where the module cannot be loaded or does not export such a function; TRANSFORM_FAILED where
 * the function fails.
 */
export async function loadTransform(declaration: ResolvedDeclaration): Promise<Transform> {
  if (declaration.kind === 'library') return createLibraryTransform(declaration.name, declaration.options);
  const factory = await loadFactory(declaration.url, declaration.exportName);
  let made: unknown;
  try {
    made = await factory(declaration.options);
  } catch (cause) {
    if (isStreamIngestionError(cause)) throw cause;
    throw new StreamIngestionError('TRANSFORM_FAILED', `${declaration.url}: the transform could not be made`, {
      operation: 'offload.open',
      cause,
    });
  }
  if (isTransform(made)) return made;
  throw unusable(declaration.url, `${declaration.exportName}() returned no transform`);
}

async function loadFactory(url: string, exportName: string): Promise<(options: unknown) => unknown> {
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(url)) as Record<string, unknown>;
  } catch (cause) {
    throw unusable(url, 'the module could not be loaded', cause);
  }
  const factory = loaded[exportName];
  if (typeof factory === 'function') return factory as (options: unknown) => unknown;
  throw unusable(url, `the module exports no function "${exportName}"`);
}

function isTransform(value: unknown): value is Transform {
  if (typeof value !== 'object' || value === null) return false;
  const { transform, pipe } = value as { readonly transform?: unknown; readonly pipe?: unknown };
  return typeof transform === 'function' || typeof pipe === 'function';
}

function unusable(url: string, what: string, cause?: unknown): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', `${url}: ${what}`, {
    operation: 'offload.open',
    ...(cause === undefined ? {} : { cause }),
  });
}
