import { readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FLOORS, LIBRARY_NAME, LIBRARY_SOURCES } from './floors.js';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const librarySources = join(repository, LIBRARY_SOURCES);
const testSupport = join(repository, 'test/support');
const { exports: publicPaths } = JSON.parse(readFileSync(join(librarySources, '../package.json'), 'utf8'));

/** `/`-separated path from `base`, or undefined where the file is not below it. */
function pathBelow(base, file) {
  const path = relative(base, file).split(sep).join('/');
  return path === '..' || path.startsWith('../') ? undefined : path;
}

/** The entry of the deepest folder that holds the file: `nest/metrics/x.ts` belongs to `nest/metrics`, not to `nest`. */
function floorOf(pathInLibrary) {
  const folder = posix.dirname(pathInLibrary);
  return FLOORS.filter((entry) => folder === entry.folder || folder.startsWith(`${entry.folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)
    .at(0);
}

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Specs, and what the specs of a folder share. Neither is in the package. */
const isForSpecs = (path) => /(\.spec\.[jt]s|^(.*\/)?spec-support\/.*)$/.test(path);

const nameOf = (entry) => (entry.folder === '.' ? 'the root index' : `${entry.folder}/`);

/** What is wrong with an import inside the library, or undefined. */
function faultInLibrary(path, file, specifier) {
  const own = floorOf(path);
  const isSpec = isForSpecs(path);
  if (own === undefined) {
    // Such as the one that compares the folders of all stores.
    if (isSpec) return undefined;
    return `${posix.dirname(path)}/ has no floor: give it an entry in tools/eslint/floors.js.`;
  }

  if (!specifier.startsWith('.')) {
    if (specifier.startsWith('node:') || isSpec || own.packages.includes(packageOf(specifier))) return undefined;
    return `${nameOf(own)} may not load '${specifier}': its packages are [${own.packages.join(', ')}].`;
  }

  const targetFile = resolve(dirname(file), specifier);
  if (isSpec && pathBelow(testSupport, targetFile) !== undefined) return undefined;
  const targetPath = pathBelow(librarySources, targetFile);
  if (targetPath === undefined) return `'${specifier}' leaves the library's sources.`;
  if (!isSpec && isForSpecs(targetPath)) return `'${specifier}' is for specs.`;
  const target = floorOf(targetPath);
  if (target === undefined) return `'${specifier}' is in a folder without a floor.`;
  if (target === own) return undefined;
  if (isSpec && (own.folder === 'testing' || target.folder === 'testing')) return undefined;
  if (target.onlyFor !== undefined && !own.folder.startsWith(target.onlyFor)) {
    return `${nameOf(target)} is for ${target.folder === 'testing' ? 'specs' : target.onlyFor}, not for ${nameOf(own)}.`;
  }
  if (target.floor < own.floor) return undefined;
  return `${nameOf(own)} (floor ${own.floor}) may not import from ${nameOf(target)} (floor ${target.floor}).`;
}

/** Applications and tests see what a user of the package sees: its name and its exports map. */
function faultOutside(path, file, specifier) {
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(file), specifier);
    if (pathBelow(librarySources, target) !== undefined) {
      return `Import the library by its public name, '${LIBRARY_NAME}', not by path.`;
    }
    if (path.startsWith('src/') && pathBelow(join(repository, 'src'), target) === undefined) {
      return `'${specifier}' leaves the application's sources.`;
    }
    return undefined;
  }
  if (packageOf(specifier) !== LIBRARY_NAME) return undefined;
  const subpath = `.${specifier.slice(LIBRARY_NAME.length)}`;
  if (!Object.hasOwn(publicPaths, subpath)) return `'${specifier}' is not in the library's exports map.`;
  if (subpath === './testing' && path.startsWith('src/') && !isForSpecs(path)) {
    return `'${specifier}' is for specs only.`;
  }
  return undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export const floorsRule = {
  meta: {
    type: 'problem',
    docs: { description: 'Imports go to lower floors only (tools/eslint/floors.js)' },
    schema: [],
  },
  create(context) {
    const file = resolve(context.filename);
    const pathInLibrary = pathBelow(librarySources, file);
    const path = pathBelow(repository, file) ?? '';

    const check = (node) => {
      if (node === null || node === undefined) return;
      if (node.type !== 'Literal' || typeof node.value !== 'string') {
        const isFree = pathInLibrary === undefined || floorOf(pathInLibrary)?.computedImports === true;
        if (!isFree) context.report({ node, message: 'A computed import cannot be checked.' });
        return;
      }
      const fault =
        pathInLibrary === undefined
          ? faultOutside(path, file, node.value)
          : faultInLibrary(pathInLibrary, file, node.value);
      if (fault !== undefined) context.report({ node, message: fault });
    };

    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
    };
  },
};
