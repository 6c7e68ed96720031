/**
 * One transform for everything: swc to CommonJS, so that ESM-only packages run under jest without Node flags.
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
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{libs,src}/**/*.spec.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/{e2e,interop,faults,memory,consumer}/**/*.spec.ts'] },
  ],
};
