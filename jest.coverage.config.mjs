import jestConfig from './jest.config.mjs';

/** Keeps what V8 counted in the specs, unmerged, for scripts/merge-coverage.mjs. */
export default {
  ...jestConfig,
  collectCoverage: true,
  coverageProvider: 'v8',
  coverageReporters: ['none'],
  reporters: [
    'default',
    ['jest-monocart-coverage', { outputDir: 'coverage/raw/jest', reports: 'raw', logging: 'error' }],
  ],
};
