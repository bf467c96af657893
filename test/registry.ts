import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe } from '@jest/globals';

/**
 * The environment of a machine that has no other Node than the one that runs the specs. What npm gives to a script, such as
 * this project's settings, is not there; ONNX Runtime's install script would fetch GPU libraries, which no test uses.
 */
export const elsewhere: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') || name === 'npm_config_registry'),
  ),
  NODE_OPTIONS: '',
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
};

/** Whether packages can be installed here. */
function registryAnswers(): boolean {
  try {
    execFileSync('npm', ['view', 'onnxruntime-common@1.30.0', 'version', '--fetch-retries=0'], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** `describe` for specs that install packages: without a registry they are skipped, but in CI. */
export function describeWithRegistry(title: string, specs: () => void): void {
  if (process.env['CI'] || registryAnswers()) {
    describe(title, specs);
  } else {
    process.stderr.write(`skipped: ${title}: no package registry answers\n`);
    describe.skip(title, specs);
  }
}
