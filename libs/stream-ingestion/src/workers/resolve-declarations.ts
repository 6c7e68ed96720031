import { isAbsolute, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { StreamIngestionError } from '../contracts/index.js';
import type { ModuleTransform, ResolvedDeclaration, ResolvedUnit, TransformDeclaration } from './declaration.js';
import { createLibraryTransform } from './library-transforms.js';

/**
 * Checks declarations as far as that is possible without running a module: names, paths, options of the library's own.
 *
 * @throws INVALID_OPTION.
 */
export function resolveDeclarations(given: TransformDeclaration | readonly TransformDeclaration[]): ResolvedUnit {
  const list: readonly TransformDeclaration[] = Array.isArray(given) ? given : [given as TransformDeclaration];
  if (list.length === 0) throw invalid('transforms must hold one declaration or more');
  const declarations = list.map(resolve);
  return {
    name: declarations.map(nameOf).join('+'),
    isolation: list.some(wantsOwnThread) ? 'own' : 'shared',
    declarations,
  };
}

function resolve(declaration: TransformDeclaration): ResolvedDeclaration {
  if (typeof declaration === 'string') return resolveName(declaration, undefined);
  if (typeof declaration !== 'object' || declaration === null) {
    throw invalid('a transform must be a name, { name } or { module }');
  }
  if (isModule(declaration)) return resolveModule(declaration);
  return resolveName(declaration.name, declaration.options);
}

function resolveName(name: string, options: unknown): ResolvedDeclaration {
  requirePlainData(options);
  // Made once and thrown away: wrong options are refused here rather than in the midst of a transfer.
  createLibraryTransform(name, options).destroy?.();
  return { kind: 'library', name, options };
}

function resolveModule({ module, exportName = 'default', options, isolation = 'own' }: ModuleTransform) {
  requirePlainData(options);
  if (typeof exportName !== 'string' || exportName === '') throw invalid('exportName must be a name');
  if (isolation !== 'own' && isolation !== 'shared') throw invalid("isolation must be 'own' or 'shared'");
  return { kind: 'module', url: fileUrlOf(module), exportName, options } as const;
}

function fileUrlOf(module: unknown): string {
  const text = String(module);
  if (typeof module === 'string' && isAbsolute(module)) return pathToFileURL(module).href;
  if (URL.canParse(text) && new URL(text).protocol === 'file:') return text;
  throw invalid(`module must be an absolute path or a file: URL, got ${JSON.stringify(text.slice(0, 200))}`);
}

function requirePlainData(options: unknown): void {
  try {
    structuredClone(options);
  } catch (cause) {
    throw invalid('options must be plain data that can be copied into a worker: no functions, no streams', cause);
  }
}

function isModule(declaration: object): declaration is ModuleTransform {
  return 'module' in declaration;
}

function wantsOwnThread(declaration: TransformDeclaration): boolean {
  return typeof declaration === 'object' && isModule(declaration) && declaration.isolation !== 'shared';
}

function nameOf(declaration: ResolvedDeclaration): string {
  return declaration.kind === 'library' ? declaration.name : parse(fileURLToPath(declaration.url)).name;
}

function invalid(rule: string, cause?: unknown): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', `offload: ${rule}`, {
    operation: 'offload.create',
    ...(cause === undefined ? {} : { cause }),
  });
}
