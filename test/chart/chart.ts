import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const CHART = join(import.meta.dirname, '../../helm/nestor');

/** As much of a Kubernetes object as the specs look at. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };

  readonly spec: any;
  readonly data?: Record<string, string>;
}

/** Runs a program and returns its status with all that it printed. */
export function run(command: string, args: readonly string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8' });
  if (error) throw error;
  return { status, output: stdout + stderr };
}

function template(values: object, options: readonly string[]): { status: number | null; output: string } {
  return run('helm', ['template', 'nestor', CHART, ...options, '--values', '-'], JSON.stringify(values));
}

/** The objects that the chart gives for these values. */
export function render(values: object = {}, ...options: string[]): Manifest[] {
  const { status, output } = template(values, options);
  if (status !== 0) throw new Error(output);
  return parseAllDocuments(output)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** The one object of a kind; fails where there is none. */
export function renderOne(kind: string, values: object = {}, ...options: string[]): Manifest {
  const found = render(values, ...options).find((manifest) => manifest.kind === kind);
  if (!found) throw new Error(`The chart gives no ${kind} for ${JSON.stringify(values)}`);
  return found;
}

/** The message with which the chart refuses these values; fails where it takes them. */
export function refusal(values: object): string {
  const { status, output } = template(values, []);
  if (status === 0) throw new Error(`The chart takes ${JSON.stringify(values)}`);
  return output;
}
