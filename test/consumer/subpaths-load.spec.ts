import { posix } from 'node:path';

import { LIBRARY, PackedLibrary, runNode } from './packed-library.js';
import { packagesFor } from './subpath-packages.js';

/** Names that a subpath exports, in an application that has only the packages which the subpath needs. */
function exportedNames(application: string, specifier: string, kind: 'import' | 'require'): string[] {
  const load = kind === 'import' ? `await import('${specifier}')` : `require('${specifier}')`;
  const type = kind === 'import' ? 'module' : 'commonjs';
  const script = `console.log(JSON.stringify(Object.keys(${load})))`;
  const { exitCode, output } = runNode(application, [`--input-type=${type}`, '--eval', script]);
  if (exitCode !== 0) throw new Error(output);
  const names = JSON.parse(output) as string[];
  // What require() adds for callers that were compiled from ESM.
  return names.filter((name) => name !== '__esModule' && name !== 'module.exports').sort();
}

describe('the packed library', () => {
  let library: PackedLibrary;

  beforeAll(async () => {
    library = await PackedLibrary.pack();
  });

  afterAll(async () => library.remove());

  it('loads every subpath by import and by require, with only the packages that the subpath needs', async () => {
    const applications = new Map<string, string>();
    for (const subpath of library.subpaths) {
      const packages = packagesFor(subpath);
      const application = applications.get(packages.join()) ?? (await library.install(packages));
      applications.set(packages.join(), application);
      const specifier = posix.join(LIBRARY, subpath);

      const imported = exportedNames(application, specifier, 'import');
      const required = exportedNames(application, specifier, 'require');

      expect({ specifier, required }).toEqual({ specifier, required: imported });
      expect({ specifier, isEmpty: imported.length === 0 }).toEqual({ specifier, isEmpty: false });
    }
  }, 120_000);

  it.each([
    ['./metrics', '@willsoto/nestjs-prometheus'],
    ['./health', '@nestjs/terminus'],
  ])('%s names the package that is missing', async (subpath, missing) => {
    const application = await library.install(packagesFor('.'));

    const load = (): string[] => exportedNames(application, posix.join(LIBRARY, subpath), 'import');

    expect(load).toThrow(`Cannot find package '${missing}'`);
  });

  it('refuses a path that is not in its exports map', async () => {
    const application = await library.install([]);

    const load = (): string[] => exportedNames(application, `${LIBRARY}/dist/engine/index.js`, 'import');

    expect(load).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
