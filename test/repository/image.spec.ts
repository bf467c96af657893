import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { imageEnvironment } from '../../benchmarks/image-environment.ts';

const dockerfile = readFileSync(join(import.meta.dirname, '../../docker/Dockerfile'), 'utf8');

it.each(Object.entries(imageEnvironment))('the image sets %s as the benchmarks do: %s', (name, value) => {
  const [, set] = new RegExp(`^(?:ENV|   ) ${name}=(\\S+)`, 'm').exec(dockerfile) ?? [];
  expect(set).toBe(value);
});

describe('the build of the image', () => {
  const bundle = readFileSync('scripts/bundle.mjs', 'utf8');
  const read = [...bundle.matchAll(/'(?:\.|scripts)\/([\w-]+\.mjs)'/g)].map(([, file]) => `scripts/${file}`);
  const copied = /^COPY (scripts\/.+) scripts\/$/m.exec(dockerfile)![1]!.split(' ');

  it.each(['scripts/bundle.mjs', ...read])('has %s', (file) => {
    expect(copied).toContain(file);
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).toContain(`!${file}`);
  });
});
