/**
 * Merges the specs' coverage inside Jest with their coverage in the servers that they start, line by line. Writes one
 * report: a summary on the terminal, coverage/index.html and coverage/lcov.info.
 */
import { existsSync } from 'node:fs';
import { CoverageReport } from 'monocart-coverage-reports';

const report = new CoverageReport({
  name: 'Nestor',
  outputDir: 'coverage',
  clean: false,
  logging: 'error',
  reports: ['v8', 'lcovonly', 'console-details'],
  inputDir: 'coverage/raw/jest/raw',
  // The bundles from the servers, and the sources from the specs.
  entryFilter: ({ url }) => /\/dist\/bundle\/[^/]+\.js$/.test(url) || /\/(apps|libs)\/.+\.ts$/.test(url),
  sourceFilter: (path) => /(^|\/)(apps|libs)\/.+\.ts$/.test(path) && !path.endsWith('.spec.ts'),
  sourcePath: (path) => path.replace(/^.*?((apps|libs)\/.+)$/, '$1'),
});

const processes = 'coverage/raw/processes';
if (existsSync(processes)) await report.addFromDir(processes);
await report.generate();
