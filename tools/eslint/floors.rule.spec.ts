import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Snippet {
  readonly file: string;
  readonly code: string;
}

const library = 'libs/stream-ingestion/src';

/** The findings of the repository's own lint configuration for each snippet, in order. */
function lint(snippets: readonly Snippet[]): string[][] {
  const output = execFileSync(process.execPath, [join(__dirname, 'lint-snippets.js')], {
    input: JSON.stringify(snippets),
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[][];
}

const inLibrary = (file: string, specifier: string): Snippet => ({
  file: `${library}/${file}`,
  code: `export { x } from '${specifier}';\n`,
});

const outside = (file: string, specifier: string): Snippet => ({ file, code: `export { x } from '${specifier}';\n` });

const forbidden: readonly (readonly [reason: string, snippet: Snippet, rule: string])[] = [
  ['contracts import the engine', inLibrary('contracts/a.ts', '../engine/index.js'), 'floors/imports'],
  ['the engine imports a transform', inLibrary('engine/a.ts', '../transforms/index.js'), 'floors/imports'],
  ['a driver deep in the engine imports http', inLibrary('engine/sources/a.ts', '../../http/b.js'), 'floors/imports'],
  ['a store imports another store', inLibrary('stores/fs/a.ts', '../memory/index.js'), 'floors/imports'],
  ['a store imports a transform', inLibrary('stores/fs/a.ts', '../../transforms/index.js'), 'floors/imports'],
  ['a transform imports what stores share', inLibrary('transforms/a.ts', '../store-kit/b.js'), 'floors/imports'],
  ['http imports the NestJS part', inLibrary('http/a.ts', '../nest/index.js'), 'floors/imports'],
  ['the NestJS part imports the command line', inLibrary('nest/a.ts', '../cli/b.js'), 'floors/imports'],
  ['the command line imports the NestJS part', inLibrary('cli/a.ts', '../nest/b.js'), 'floors/imports'],
  ['the NestJS part imports the metrics', inLibrary('nest/a.ts', './metrics/index.js'), 'floors/imports'],
  ['metrics import health', inLibrary('nest/metrics/a.ts', '../health/index.js'), 'floors/imports'],
  ['the root index imports the metrics', inLibrary('index.ts', './nest/metrics/index.js'), 'floors/imports'],
  ['a source file imports the test support', inLibrary('nest/a.ts', '../testing/index.js'), 'floors/imports'],
  ['the test support imports a store', inLibrary('testing/a.ts', '../stores/fs/index.js'), 'floors/imports'],
  ['a spec imports from a higher floor', inLibrary('engine/a.spec.ts', '../nest/index.js'), 'floors/imports'],
  [
    'a source file uses what all tests share',
    inLibrary('nest/a.ts', '../../../../test/support/a.js'),
    'floors/imports',
  ],
  ['a source file uses what specs share', inLibrary('engine/a.ts', './spec-support/b.js'), 'floors/imports'],
  ['a folder has no floor', inLibrary('elsewhere/a.ts', 'node:fs'), 'floors/imports'],
  ['a store has no entry', inLibrary('stores/elsewhere/a.ts', 'node:fs'), 'floors/imports'],
  ['the library imports the application', inLibrary('nest/a.ts', '../../../../src/main.js'), 'floors/imports'],
  ['the library imports itself by name', inLibrary('http/a.ts', 'nestjs-stream-ingestion'), 'floors/imports'],
  ['the engine loads NestJS', inLibrary('engine/a.ts', '@nestjs/common'), 'floors/imports'],
  ['the NestJS part loads an optional peer', inLibrary('nest/a.ts', 'prom-client'), 'floors/imports'],
  [
    'a type alone comes from above',
    { file: `${library}/engine/a.ts`, code: "import type { X } from '../http/b.js';\nexport type Y = X;\n" },
    'floors/imports',
  ],
  [
    'a type is named in place',
    { file: `${library}/engine/a.ts`, code: "export type Y = import('../http/b.js').X;\n" },
    'floors/imports',
  ],
  [
    'the import is dynamic',
    { file: `${library}/engine/a.ts`, code: "export const load = () => import('prom-client');\n" },
    'floors/imports',
  ],
  [
    'the import is computed',
    { file: `${library}/engine/a.ts`, code: 'export const load = (name: string) => import(name);\n' },
    'floors/imports',
  ],
  [
    'the application reaches into the library',
    outside('src/a.ts', '../libs/stream-ingestion/src/index.js'),
    'floors/imports',
  ],
  [
    'the application asks for an unknown subpath',
    outside('src/a.ts', 'nestjs-stream-ingestion/nest'),
    'floors/imports',
  ],
  ['the application uses the test support', outside('src/a.ts', 'nestjs-stream-ingestion/testing'), 'floors/imports'],
  [
    'a test reaches into the library',
    outside('test/e2e/a.ts', '../../libs/stream-ingestion/src/index.js'),
    'floors/imports',
  ],
  [
    // contracts/index.ts takes ERROR_CODES from error-code.ts.
    'two files import each other',
    { file: `${library}/contracts/error-code.ts`, code: "export { DIGEST_ALGORITHMS } from './index.js';\n" },
    'import-x/no-cycle',
  ],
  ['a built-in module lacks its prefix', inLibrary('engine/a.ts', 'fs'), 'no-restricted-imports'],
  [
    'a comment switches a rule off',
    {
      file: `${library}/engine/a.ts`,
      code: "// eslint-disable-next-line\nexport { x } from '../http/b.js';\n",
    },
    'floors/imports',
  ],
  [
    'a library file has a default export',
    { file: `${library}/engine/a.ts`, code: 'export default function a(): void {}\n' },
    'import-x/no-default-export',
  ],
  ['a source file is too long', { file: `${library}/engine/a.ts`, code: 'export {};\n'.repeat(251) }, 'max-lines'],
  [
    'any',
    { file: `${library}/engine/a.ts`, code: 'export const a = (b: any) => b;\n' },
    '@typescript-eslint/no-explicit-any',
  ],
];

const allowed: readonly (readonly [reason: string, snippet: Snippet])[] = [
  ['the engine imports the contracts', inLibrary('engine/a.ts', '../contracts/index.js')],
  ['a file imports from its own folder', inLibrary('engine/sources/a.ts', '../pump.js')],
  ['a store imports what stores share', inLibrary('stores/fs/a.ts', '../../store-kit/index.js')],
  ['http loads its parser', inLibrary('http/a.ts', 'structured-headers')],
  ['the NestJS part loads NestJS and imports http', inLibrary('nest/a.ts', '../http/index.js')],
  ['metrics load their peer and import the NestJS part', inLibrary('nest/metrics/a.ts', '../tokens.js')],
  ['the root index imports every floor', inLibrary('index.ts', './nest/index.js')],
  ['a spec uses the test support', inLibrary('stores/fs/a.spec.ts', '../../testing/index.js')],
  ['a spec loads a development package', inLibrary('engine/a.spec.ts', 'fast-check')],
  ['a spec uses what all tests share', inLibrary('nest/a.spec.ts', '../../../../test/support/a.js')],
  ['what specs share uses the test support', inLibrary('http/spec-support/a.ts', '../../testing/index.js')],
  ['a spec uses what specs share', inLibrary('http/a.spec.ts', './spec-support/a.js')],
  [
    'a thread loads the transform that an application names',
    {
      file: `${library}/workers/a.ts`,
      code: 'export const load = async (url: string): Promise<unknown> => import(url);\n',
    },
  ],
  ['a spec looks at all folders', inLibrary('stores/a.spec.ts', 'node:fs')],
  ['a spec of the test support uses a store', inLibrary('testing/a.spec.ts', '../stores/memory/index.js')],
  ['the application imports the library', outside('src/a.ts', 'nestjs-stream-ingestion')],
  ['the application imports a subpath', outside('src/a.ts', 'nestjs-stream-ingestion/stores/fs')],
  ['a spec of the application uses the test support', outside('src/a.spec.ts', 'nestjs-stream-ingestion/testing')],
];

describe('the lint configuration', () => {
  let findings: string[][] = [];

  beforeAll(() => {
    findings = lint([...forbidden.map(([, snippet]) => snippet), ...allowed.map(([, snippet]) => snippet)]);
  }, 60_000);

  test.each(forbidden.map(([reason, , rule], index) => ({ reason, rule, index })))(
    'reports when $reason',
    ({ rule, index }) => {
      expect(findings[index]).toContainEqual(expect.stringContaining(`${rule}: `));
    },
  );

  test.each(allowed.map(([reason], index) => ({ reason, index })))('accepts when $reason', ({ index }) => {
    expect(findings[forbidden.length + index]).toEqual([]);
  });
});
