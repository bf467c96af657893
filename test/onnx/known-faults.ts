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

/** What differs from what is known of the models that were asked: new faults, and known ones that are gone. */
export function compareWithKnown(findings: readonly Finding[]): { appeared: Fault[]; gone: Fault[] } {
  const known = new Set(readKnown());
  const now = new Set(findings.map(faultOf).filter((fault) => fault !== undefined));
  return {
    appeared: [...now].filter((fault) => !known.has(fault)),
    gone: [...known].filter((fault) => isOf(findings, fault) && !now.has(fault)),
  };
}

/** Makes what was found now what is known; of models that were not asked what was known stays. */
export function accept(findings: readonly Finding[]): void {
  const others = readKnown().filter((fault) => !isOf(findings, fault));
  const now = findings.map(faultOf).filter((fault) => fault !== undefined);
  writeFileSync(FILE, [...others, ...now].sort().map((fault) => `${fault}\n`).join(''));
}

function isOf(findings: readonly Finding[], fault: Fault): boolean {
  const [form, , name] = fault.split(': ');
  return findings.some(({ question }) => question.form === form && question.test.name === name);
}

function readKnown(): Fault[] {
  return readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
}
