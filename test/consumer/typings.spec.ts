import { join, resolve } from 'node:path';

import { PackedLibrary, runNode } from './packed-library.js';
import { packagesFor } from './subpath-packages.js';

const compiler = join(resolve(__dirname, '../..'), 'node_modules/typescript/bin/tsc');

/** Errors in the application itself and in the library's typings; those of other packages are theirs. */
function typeErrors(application: string, args: readonly string[]): string[] {
  const { output } = runNode(application, [compiler, '--pretty', 'false', ...args]);
  return output.split('\n').filter((line) => /^(src|node_modules\/nestjs-stream-ingestion)\/|^error/.test(line));
}

describe('the typings of the packed library', () => {
  let library: PackedLibrary;

  beforeAll(async () => {
    library = await PackedLibrary.pack();
  });

  afterAll(async () => library.remove());

  const everything = (): string[] => [...new Set(library.subpaths.flatMap(packagesFor)), '@types/node'];

  it.each(['esm-app', 'cjs-app'])(
    'serve an application like %s, with every subpath in use',
    async (fixture) => {
      const application = await library.install(everything(), fixture);

      expect(typeErrors(application, [])).toEqual([]);
    },
    120_000,
  );

  it('serve an application that is bundled', async () => {
    const application = await library.install(everything(), 'esm-app');

    const errors = typeErrors(application, ['--module', 'esnext', '--moduleResolution', 'bundler']);

    expect(errors).toEqual([]);
  }, 120_000);

  it('need no typings of NestJS where only the engine and stores are used', async () => {
    const application = await library.install(['@types/node'], 'engine-only');

    expect(typeErrors(application, [])).toEqual([]);
  }, 120_000);

  it('report a wrong use', async () => {
    const application = await library.install(['@types/node'], 'engine-only');

    const errors = typeErrors(application, ['--project', 'tsconfig.wrong.json']);

    expect(errors).toEqual([expect.stringMatching(/^src\/wrong\.ts\(\d+,\d+\): error TS2345/)]);
  }, 120_000);
});
