import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Question, readQuestions } from './backend-test.ts';

const HERE = import.meta.dirname;
const PYTHON = join(HERE, '.venv/bin/python');
const FOLDER = join(HERE, '.work');
const STAMP = join(FOLDER, 'made-by');

/** The names of the standard's tests. */
export const backendTests = (): string[] => listed('backend_tests.py').map(([name]) => name!);

/** The names of the tests of single operators that the standard's lack. */
export const operatorTests = (): string[] => listed('operator_tests.py').map(([name]) => name!);

/** The names of a fixed sample of the standard's tests. @throws Error where it lacks an operator that they have */
export function sample(): string[] {
  const names = readFileSync(join(HERE, 'sample.txt'), 'utf8').split('\n').filter(Boolean);
  const all = listed('backend_tests.py');
  const covered = new Set(all.filter(([name]) => names.includes(name!)).flatMap(([, ...operators]) => operators));
  const missing = all.flatMap(([, ...operators]) => operators).filter((operator) => !covered.has(operator));
  if (missing.length > 0) throw new Error(`sample.txt has no test with ${[...new Set(missing)].join(', ')}: add some.`);
  return names;
}

/** Each test's name and operators, as a script lists them. */
const listed = (script: string): string[][] =>
  python(script)
    .trim()
    .split('\n')
    .map((line) => line.split(' '));

/**
 * What there is to ask of these tests, made by the installed packages. What was made before by the same scripts and
 * packages is not made again.
 */
export function makeQuestions(wanted: readonly string[]): Question[] {
  const maker = versionOfMaker();
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== maker) {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER);
    writeFileSync(STAMP, maker);
  }
  const missing = wanted.filter((name) => !existsSync(join(FOLDER, name, 'test.json')));
  if (missing.length > 0) {
    process.stderr.write(`Making the questions of ${missing.length} tests …\n`);
    process.stderr.write(python('make.py', [FOLDER], missing.join('\n')));
  }
  return readQuestions(FOLDER, wanted);
}

function versionOfMaker(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(HERE).filter((name) => /\.py$|^requirements\.txt$/.test(name)))
    hash.update(readFileSync(join(HERE, name)));
  return hash.digest('hex');
}

function python(script: string, args: readonly string[] = [], input = ''): string {
  const ran = spawnSync(PYTHON, [join(HERE, script), ...args], {
    input,
    stdio: ['pipe', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (ran.status !== 0) throw new Error(`${script} failed. Is test/onnx/.venv there? test/onnx/install.sh makes it.`);
  return ran.stdout;
}
