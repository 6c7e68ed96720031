import { existsSync } from 'node:fs';
import { access, constants, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

import { filesBelow } from '../support/temporary-folder.js';
import { PackedLibrary, runNode } from './packed-library.js';
import { packagesFor } from './subpath-packages.js';

const repository = resolve(__dirname, '../..');

const packageOf = (specifier: string): string => {
  const segments = specifier.split('/');
  return segments.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
};

/** Packages that a file and all that it imports from the library name, of code (.js) or of typings (.d.ts). */
async function packagesNamedFrom(entry: string, extension: '.js' | '.d.ts'): Promise<string[]> {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(await readFile(path, 'utf8'), true, true);
    for (const { fileName } of [...importedFiles, ...typeReferenceDirectives]) {
      if (fileName.startsWith('.')) await visit(join(dirname(path), fileName.replace(/\.js$/, extension)));
      else packages.add(packageOf(fileName));
    }
  };
  await visit(entry.replace(/\.js$/, extension));
  return [...packages].sort();
}

describe('the package', () => {
  let library: PackedLibrary;
  let files: string[] = [];

  beforeAll(async () => {
    library = await PackedLibrary.pack();
    files = await filesBelow(library.folder);
  });

  afterAll(async () => library.remove());

  it('holds code, typings and source maps, a licence and a readme, and nothing else', () => {
    const others = files.filter((file) => !/^dist\/.+(\.js|\.d\.ts|\.js\.map)$/.test(file));

    expect(others).toEqual(['LICENSE', 'README.md', 'package.json']);
  });

  it('holds no test', () => {
    expect(files.filter((file) => /\.(spec|test)\.|spec-support|__tests__|fixtures/.test(file))).toEqual([]);
  });

  it('holds nothing whose source is gone: `npm run clean` and build again', () => {
    const sources = join(repository, 'libs/stream-ingestion/src');
    const sourceOf = (typings: string): string =>
      join(sources, typings.slice('dist/'.length).replace(/\.d\.ts$/, '.ts'));
    const typings = files.filter((file) => file.endsWith('.d.ts'));

    expect(typings.filter((file) => !existsSync(sourceOf(file)))).toEqual([]);
  });

  it('has source maps that carry the TypeScript, which the package does not', async () => {
    interface SourceMap {
      readonly sources: readonly string[];
      readonly sourcesContent: readonly (string | null)[];
    }
    for (const file of files.filter((name) => name.endsWith('.map'))) {
      const map = JSON.parse(await readFile(join(library.folder, file), 'utf8')) as SourceMap;
      const lacking = map.sources.filter((source, index) => !source.endsWith('.ts') || !map.sourcesContent[index]);
      expect({ file, lacking }).toEqual({ file, lacking: [] });
    }
  });

  it('has code and typings for every subpath', () => {
    const entries = library.subpaths.map((subpath) => join(library.manifest.exports[subpath] ?? ''));

    expect(files).toEqual(expect.arrayContaining(entries));
    expect(files).toEqual(expect.arrayContaining(entries.map((entry) => entry.replace(/\.js$/, '.d.ts'))));
  });

  it.each(['.js', '.d.ts'] as const)(
    'names, in the %s of a subpath, only packages that it declares',
    async (extension) => {
      const always = [...Object.keys(library.manifest.dependencies), ...builtinModules, 'node'];
      for (const subpath of library.subpaths) {
        const entry = join(library.folder, library.manifest.exports[subpath] ?? '');
        const named = await packagesNamedFrom(entry, extension);
        const undeclared = named.filter(
          (name) => !name.startsWith('node:') && !always.includes(name) && !packagesFor(subpath).includes(name),
        );
        expect({ subpath, undeclared }).toEqual({ subpath, undeclared: [] });
      }
    },
  );

  it('declares as peers what its subpaths need, and as optional what not all need', () => {
    const needed = new Set(library.subpaths.flatMap(packagesFor));
    const optional = [...needed].filter((name) => !packagesFor('.').includes(name));

    expect(Object.keys(library.manifest.peerDependencies).sort()).toEqual([...needed].sort());
    expect(Object.keys(library.manifest.peerDependenciesMeta).sort()).toEqual(optional.sort());
  });

  it('asks for the versions of Node that the workspace asks for', async () => {
    const workspace = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { engines: unknown };

    expect(library.manifest.engines).toEqual({ node: '^20.19 || ^22.13 || >=24.11' });
    expect(workspace.engines).toEqual(library.manifest.engines);
  });

  it('has a command that runs without NestJS', async () => {
    const application = await library.install([]);
    const command = join(
      application,
      'node_modules/nestjs-stream-ingestion',
      library.manifest.bin['stream-ingest'] ?? '',
    );

    await access(command, constants.X_OK);
    expect(await readFile(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(runNode(application, [command, '--help'])).toEqual({
      exitCode: 0,
      output: expect.stringContaining('stream-ingest put') as string,
    });
  });
});
