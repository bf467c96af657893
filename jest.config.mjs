/** One transform and one environment for every tier; the tiers differ in where their specs lie. */
export const tier = (displayName, roots) => ({
  displayName,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testEnvironment: '<rootDir>/test/environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['nestor-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          keepClassNames: true,
          experimental: { keepImportAttributes: true },
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['**/*.spec.ts'],
});

export default {
  projects: [
    tier('unit', ['apps', 'libs']),
    tier('e2e', ['test/e2e']),
    tier('process', ['test/process']),
    tier('repository', ['test/repository']),
    // These need a browser, Helm and a package registry; each has an npm script of its own.
    tier('browser', ['test/browser']),
    tier('chart', ['test/chart']),
    tier('package', ['test/package']),
    tier('embedding', ['test/embedding']),
  ],
  // By default Jest leaves one CPU unused: of two, every other.
  maxWorkers: '100%',
  // The browser and what is killed and taken up again take their time where several tests share a CPU.
  testTimeout: 60_000,
};
