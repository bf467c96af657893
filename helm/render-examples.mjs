/**
 * Renders every example of the chart, helm/nestor/examples/<name>/values.yaml, into rendered.yaml beside it. With
 * --check, writes nothing, lists the files that would change, and exits with 1. The Kubernetes version is fixed, so
 * that the same chart gives the same files everywhere.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const chart = join(import.meta.dirname, 'nestor');
const examples = join(chart, 'examples');

const render = (name) =>
  execFileSync(
    'helm',
    [
      ...['template', 'nestor', chart, '--namespace', 'default', '--kube-version', '1.34.0'],
      ...['--values', join(examples, name, 'values.yaml')],
    ],
    { encoding: 'utf8' },
  );

const check = process.argv.includes('--check');
for (const name of readdirSync(examples).sort()) {
  const file = join(examples, name, 'rendered.yaml');
  const rendered = render(name);
  if (existsSync(file) && readFileSync(file, 'utf8') === rendered) continue;
  if (check) {
    console.error(
      `helm/nestor/examples/${name}/rendered.yaml is not what the chart renders. Run: npm run chart:examples`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(file, rendered);
    console.log(`helm/nestor/examples/${name}/rendered.yaml`);
  }
}
