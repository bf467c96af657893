/**
 * Merges what the specs covered inside Jest with what they covered in the servers that they started, line by line of the
 * sources, and writes one report: a summary on the terminal, coverage/index.html and coverage/lcov.info.
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
  // Of the servers, the two bundles; of the specs, the sources as they are.
  entryFilter: ({ url }) => /\/dist\/bundle\/[^/]+\.js$/.test(url) || /\/(apps|libs)\/.+\.ts$/.test(url),
  sourceFilter: (path) => /(^|\/)(apps|libs)\/.+\.ts$/.test(path) && !path.endsWith('.spec.ts'),
  sourcePath: (path) => path.replace(/^.*?((apps|libs)\/.+)$/, '$1'),
});

const processes = 'coverage/raw/processes';
if (existsSync(processes)) await report.addFromDir(processes);
await report.generate();
