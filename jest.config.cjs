const project = (displayName, testRegex, extra = {}) => ({
  displayName,
  testEnvironment: 'node',
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/scripts'],
  testRegex,
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'json', 'ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  moduleNameMapper: {
    '^@dspy-nest/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@dspy-nest/client/nest$': '<rootDir>/libs/client/src/nest.ts',
    '^@dspy-nest/signature/class$': '<rootDir>/libs/signature/src/class.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  ...extra,
});

// Suites with real servers share one Postgres, which takes seconds to start.
const withServers = {
  globalSetup: '<rootDir>/libs/testing/src/jest-global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/jest-global-teardown.ts',
};

module.exports = {
  // Ends what hangs; a busy machine may take long to start a service.
  testTimeout: 30_000,
  projects: [
    project('unit', '\\.spec\\.ts$'),
    project('int', '\\.int-spec\\.ts$', withServers),
    project('unit-groups', '\\.unit-group\\.ts$'),
    project('int-groups', '\\.int-group\\.ts$', withServers),
    project('e2e', '\\.e2e-spec\\.ts$', withServers),
  ],
};
