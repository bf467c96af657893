import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const PIPELINE = 'benchmarks/.fitted/housing.joblib';

/**
 * Creates the virtual environment of `peers/<name>` from its pinned requirements, once, and again if they change.
 *
 * @param options of pip's install
 * @returns its folder of programs
 * @throws Error with the last output of pip
 */
export async function pythonEnvironment(
  name: string,
  python: string,
  options: readonly string[] = [],
): Promise<string> {
  const folder = resolve(`benchmarks/.venv-${name}`);
  const requirements = `benchmarks/peers/${name}/requirements.txt`;
  const installed = `${folder}/installed.txt`;
  const wanted = readFileSync(requirements, 'utf8');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
    await run(python, ['-m', 'venv', '--clear', folder]);
    await run(`${folder}/bin/pip`, [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...options,
      '-r',
      requirements,
    ]);
    writeFileSync(installed, wanted);
  }
  if (name === 'flask' && !existsSync(PIPELINE)) {
    mkdirSync('benchmarks/.fitted', { recursive: true });
    await run(`${folder}/bin/python`, ['benchmarks/peers/flask/fit.py', PIPELINE]);
  }
  return `${folder}/bin`;
}

async function run(file: string, args: readonly string[]): Promise<void> {
  try {
    await execute(file, args, { timeout: 1_200_000, maxBuffer: 2 ** 26 });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new Error(said ?? String(error), { cause: error });
  }
}
