import { builtinModules } from 'node:module';
import eslint from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { floorsRule } from './tools/eslint/floors.rule.js';

const library = 'libs/stream-ingestion/src/**/*.ts';
const specs = ['**/*.spec.ts', '**/spec-support/**', 'test/**/*.ts'];
/** Served as it is. */
const inBrowser = 'src/**/public/**/*.js';
const browserGlobals = [
  ...['AbortController', 'Blob', 'DOMException', 'EventSource', 'File', 'FormData', 'Headers', 'Response'],
  ...['URL', 'URLSearchParams', 'XMLHttpRequest', 'clearInterval', 'clearTimeout', 'confirm', 'crypto', 'document'],
  ...['fetch', 'localStorage', 'location', 'navigator', 'performance', 'requestAnimationFrame', 'sessionStorage'],
  ...['setInterval', 'setTimeout', 'window', 'SwaggerUIBundle'],
];
const readonlyGlobals = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default defineConfig(
  globalIgnores(['**/dist/', '**/build/', 'coverage/', 'data/', 'docs/reference/', 'docs/benchmarks/raw/']),
  {
    // A rule that does not fit is changed here, for all to see, not switched off in a comment.
    linterOptions: { noInlineConfig: true, reportUnusedInlineConfigs: 'error' },
  },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,mts,cts}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `async` without `await` turns a throw into a rejection, which is what these interfaces promise.
      '@typescript-eslint/require-await': 'off',
      // The reason of an AbortSignal is whatever its owner gave, and is passed on as it is: no literals, though.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'no-throw-literal': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allow: [
            { from: 'lib', name: ['Error', 'URL', 'URLSearchParams'] },
            { from: 'package', package: 'url', name: ['URL', 'URLSearchParams'] },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ignores: [inBrowser],
    languageOptions: { globals: readonlyGlobals(Object.getOwnPropertyNames(globalThis)) },
  },
  {
    files: [inBrowser],
    languageOptions: { globals: readonlyGlobals(browserGlobals) },
  },
  {
    files: ['**/*.{js,mjs,cjs,ts,mts,cts}'],
    plugins: { 'import-x': importX, floors: { rules: { imports: floorsRule } } },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'floors/imports': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules
            .filter((name) => !name.startsWith('node:'))
            .map((name) => ({ name, message: `Write 'node:${name}'.` })),
        },
      ],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      // Keys, file names and header fields are checked for control characters; that takes naming them.
      'no-control-regex': 'off',
    },
  },
  {
    files: [library, 'src/**/*.ts'],
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
    },
  },
  {
    files: [library, 'src/**/*.ts', 'tools/**/*.js'],
    ignores: specs,
    rules: { 'max-lines': ['error', { max: 250 }] },
  },
  {
    files: specs,
    rules: {
      'no-restricted-properties': [
        'error',
        ...['describe', 'it', 'test'].map((object) => ({ object, property: 'only', message: 'Run all tests.' })),
      ],
      // expect(spied.method) hands a method over to be looked at, not to be called.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.spec.ts', '**/spec-support/**'],
    rules: {
      // Jest's asymmetric matchers are of type any, wherever they stand.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'no-throw-literal': 'off',
    },
  },
  {
    // Scripts and benchmarks talk to a terminal.
    files: ['tools/**', 'test/{support,bench,memory}/**', '*.config.{js,mjs}'],
    rules: { 'no-console': 'off' },
  },
  {
    // Applications of their own, compiled by the consumer tests as their users would.
    files: ['test/consumer/fixtures/**'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/consistent-type-imports': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
