import { describe, test } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program beside Node that some specs need. */
export interface Tool {
  /** Its name on the PATH. */
  readonly name: string;
  /** How to get it, as one sentence or command. */
  readonly get: string;
}

export const helm: Tool = { name: 'helm', get: 'https://helm.sh/docs/intro/install/' };
export const kubectl: Tool = { name: 'kubectl', get: 'https://kubernetes.io/docs/tasks/tools/' };
export const kubernetesValidate: Tool = { name: 'kubernetes-validate', get: 'pip install kubernetes-validate==1.37.0' };
export const helmDocs: Tool = {
  name: 'helm-docs',
  get: 'go install github.com/norwoodj/helm-docs/cmd/helm-docs@v1.14.2',
};

/** Whether a program of this name can be run from the PATH. */
export function onPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * `describe` for specs that need more than Node: without the tools they are skipped, and standard error says so and how
 * to get them; where `CI` is set, a missing tool is a failure.
 */
export function describeWith(tools: readonly Tool[], title: string, specs: () => void): void {
  const missing = tools.filter(({ name }) => !onPath(name));
  const why = missing.map(({ name, get }) => `${name} is not on the PATH (${get})`).join('; ');
  if (missing.length === 0) {
    describe(title, specs);
  } else if (process.env['CI']) {
    describe(title, () => {
      test(`needs ${missing.map(({ name }) => name).join(' and ')}`, () => {
        throw new Error(`In CI nothing is skipped: ${why}`);
      });
    });
  } else {
    process.stderr.write(`skipped: ${title}: ${why}\n`);
    describe.skip(title, specs);
  }
}
