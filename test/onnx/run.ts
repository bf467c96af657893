/**
 * The ONNX standard's backend tests against the built server: each model served bare, as it is and with its dimensions
 * open, and asked in every form of the Open Inference Protocol. An answer must be what ONNX Runtime of the same version
 * answers in Python to the same tensors, or an error that limits.ts or known-faults.txt has.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Question } from './backend-test.ts';
import { accept, conclude } from './known-faults.ts';
import { backendTests, makeQuestions, sample } from './made-questions.ts';
import { resultPage } from './results.ts';
import { type Finding, tell, tryAll } from './suite.ts';
import { formTable } from './table.ts';
import { askEverything } from './trial.ts';

interface Options {
  readonly short?: true;
  readonly only?: string;
  readonly accept?: true;
}

const HERE = import.meta.dirname;
const PROGRESS_EVERY = 200;

const options = new Command('npm run test:onnx --')
  .description("Judges the built server by the ONNX standard's backend tests.")
  .option('--short', 'a fixed sample, sample.txt, that has every operator of the suite: about two minutes')
  .option('--only <text>', 'tests whose names contain this')
  .option('--accept', 'take the faults that are found into known-faults.txt, and those that are gone out of it')
  .helpOption('--help', 'show this')
  .addHelpText('after', '\nAll tests take about half an hour, and are told in test/onnx/RESULTS.md.')
  .parse()
  .opts<Options>();

const begun = performance.now();
const findings = await ask(chosen(options));
console.log(`\n${formTable(findings)}\n`);
if (options.short === undefined && options.only === undefined) {
  const minutes = Math.round((performance.now() - begun) / 60_000);
  writeFileSync(join(HERE, 'RESULTS.md'), resultPage(findings, minutes));
}
if (options.accept) accept(findings);
process.exit(conclude(findings) ? 0 : 1);

function chosen({ short, only }: Options): Question[] {
  const names = short ? sample() : backendTests();
  return makeQuestions(names.filter((name) => only === undefined || name.includes(only)));
}

async function ask(questions: readonly Question[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of tryAll(questions, askEverything)) {
    found.push(finding);
    tell(finding);
    if (found.length % PROGRESS_EVERY === 0) console.error(`${found.length} of ${questions.length} models asked …`);
  }
  return found;
}
