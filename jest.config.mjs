import { availableParallelism } from 'node:os';

/**
 * One transform for everything: swc to CommonJS, so that ESM-only packages run under jest without Node flags.
 * `unit` runs the sources and needs no build; `e2e` drives what `npm run build` made.
 */
const esmOnly = ['@nestjs', '@willsoto', 'structured-headers'].join('|');

const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
  moduleNameMapper: {
    '^nestjs-stream-ingestion$': '<rootDir>/libs/stream-ingestion/src/index.ts',
    '^nestjs-stream-ingestion/(metrics|health)$': '<rootDir>/libs/stream-ingestion/src/nest/$1/index.ts',
    '^nestjs-stream-ingestion/(.*)$': '<rootDir>/libs/stream-ingestion/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/', '/build/'],
};

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{libs,src,tools}/**/*.spec.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/{e2e,interop,faults,memory,consumer}/**/*.spec.ts'] },
  ],
  reporters: ['default', '<rootDir>/test/support/count.reporter.mjs'],
  // Long enough for a slow machine that does something else as well; a test that hangs is still found.
  testTimeout: 30_000,
  // Workers of their own even on two cores, so that no spec inherits the heap of the one before it.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
};
