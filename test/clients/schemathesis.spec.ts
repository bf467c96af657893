import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ServerProcess } from '../process/spawn.ts';

/**
 * schemathesis makes requests out of the server's own description, right ones and wrong ones, and finds answers that it
 * does not describe: another status, media type or schema, a wrong request that is taken, a right one that is not. What
 * it is told beside the description is in schemathesis.toml and schemathesis_hooks.py, with the reasons.
 */
const PROGRAM = 'test/clients/.venv/schemathesis/bin/st';
const HOOKS = resolve('test/clients/schemathesis_hooks.py');
const LIMIT_MS = 240_000;

const RUNS = [
  // Each keyword of a schema on its own: of a picture's 28 lists of 28 numbers that is too many. A version's path is read
  // by the code of the path without one.
  {
    title: 'every boundary of every operation',
    options: ['--phases=examples,coverage', '--exclude-path-regex=digits|versions'],
  },
  { title: 'a few random requests to each', options: ['--phases=fuzzing', '--max-examples=5'] },
];

// In CI nothing is skipped.
(existsSync(PROGRAM) || process.env['CI'] ? describe : describe.skip)('schemathesis', () => {
  it.each(RUNS)(
    'finds nothing in $title, and leaves a server that nothing made fail',
    async ({ options }) => {
      const folder = mkdtempSync(join(tmpdir(), 'nestor-schemathesis-'));
      const server = new ServerProcess({ MODELS: 'models', DRAIN_SECONDS: '0' });
      const config = ['--no-color', '--config-file', resolve('test/clients/schemathesis.toml')];
      const run = ['run', `${await server.ready()}/openapi.json`, '--seed=1', '--continue-on-failure', ...options];
      // It keeps its findings in the folder that it is started in.
      const { failed, output } = await outcomeOf(resolve(PROGRAM), [...config, ...run], folder);
      rmSync(folder, { recursive: true });
      if (failed) throw new Error(output);
      expect(output).toMatch(/Test cases:\n +\d+ generated, \d+ passed/);
      server.child.kill('SIGTERM');
      expect(await server.exited).toMatchObject({ code: 0 });
      expect(server.log.filter(({ status }) => Number(status) >= 500)).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** What a program writes, and whether it ends with anything but 0. */
async function outcomeOf(program: string, options: readonly string[], cwd: string) {
  try {
    const { stdout } = await promisify(execFile)(program, options, {
      cwd,
      env: { ...process.env, SCHEMATHESIS_HOOKS: HOOKS },
      maxBuffer: 2 ** 26,
    });
    return { failed: false, output: stdout };
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    return { failed: true, output: stdout || message };
  }
}
