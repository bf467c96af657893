import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const text = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const { version, engines } = JSON.parse(text('package.json')) as { version: string; engines: { node: string } };
const [, packageNode] = /ENGINES = \{ node: '>=([\d.]+)\.0' \}/.exec(text('scripts/package.mjs'))!;

it.each([
  ['docker/Dockerfile', /ARG VERSION=(\S+)/g],
  ['docker/Dockerfile', /--tag nestor:(\S+)/g],
  ['docker/compose.yaml', /image: nestor:(\S+)/g],
  ['docs/command-line.md', /nestor-onnx-nestor-(\S+)\.tgz/g],
  ['docs/embedding.md', /nestor-onnx-nestor-([^`\s]+)\.tgz/g],
  ['docs/kubernetes.md', /--tag nestor:(\S+)/g],
  ['helm/nestor/Chart.yaml', /^(?:version|appVersion): (\S+)/gm],
  ['helm/kserve/servingruntime.yaml', /image: nestor:(\S+)/g],
])('%s names the version of package.json: %s', (path, pattern) => {
  const named = [...text(path).matchAll(pattern)].map(([, name]) => name!.replaceAll(/['"]/g, ''));
  expect(named.length).toBeGreaterThan(0);
  expect(new Set(named)).toEqual(new Set([version]));
});

it.each([
  ['README.md', /installs Node (\d+)/],
  ['CONTRIBUTING.md', /installs Node (\d+)/],
  ['docs/command-line.md', /installs Node (\d+)/],
])('%s names the Node that the repository needs', (path, pattern) => {
  expect(`>=${pattern.exec(text(path))![1]}.0.0`).toBe(engines.node);
});

it.each([
  ['docs/command-line.md', /the installed package \| Node ([\d.]+) or later/],
  ['docs/embedding.md', /for Node ([\d.]+) or later/],
])('%s names the Node that the package needs', (path, pattern) => {
  expect(pattern.exec(text(path))![1]).toBe(packageNode);
});
