import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, verdictOf } from './suite.ts';

const FILE = join(import.meta.dirname, 'known-faults.txt');

/** `first open: wrong: test_cumsum_1d`, as a line of known-faults.txt has it. */
type Fault = string;

function faultOf(finding: Finding): Fault | undefined {
  const { form, test } = finding.question;
  const verdict = verdictOf(finding);
  return verdict && `${form}: ${verdict}: ${test.name}`;
}

/**
 * Says what differs from what is known of the models that were asked: new faults, and known ones that are gone, so that
 * the list shrinks. @returns whether nothing does
 */
export function conclude(findings: readonly Finding[]): boolean {
  const known = new Set(readKnown());
  const now = new Set(findings.map(faultOf).filter((fault) => fault !== undefined));
  const appeared = [...now].filter((fault) => !known.has(fault));
  const gone = [...known].filter((fault) => isOf(findings, fault) && !now.has(fault));
  for (const fault of appeared) console.log(`new: ${fault}`);
  for (const fault of gone) console.log(`gone, take it out of known-faults.txt: ${fault}`);
  console.log(
    `${appeared.length} faults are new and ${gone.length} known ones gone, of ${findings.length} models asked.`,
  );
  return appeared.length + gone.length === 0;
}

/** Makes what was found now what is known; of models that were not asked what was known stays. */
export function accept(findings: readonly Finding[]): void {
  const others = readKnown().filter((fault) => !isOf(findings, fault));
  const now = findings.map(faultOf).filter((fault) => fault !== undefined);
  writeFileSync(
    FILE,
    [...others, ...now]
      .sort()
      .map((fault) => `${fault}\n`)
      .join(''),
  );
}

function isOf(findings: readonly Finding[], fault: Fault): boolean {
  const [form, , name] = fault.split(': ');
  return findings.some(({ question }) => question.form === form && question.test.name === name);
}

function readKnown(): Fault[] {
  return readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
}
