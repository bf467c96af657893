/**
 * Prints "N passed, N failed" for the Jest reports in a folder. Each stage that failed without a report counts as one
 * failure.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, failedStages] = process.argv.slice(2);
let passed = 0;
let failed = Number(failedStages);
for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
}
console.log(`${passed} passed, ${failed} failed`);
