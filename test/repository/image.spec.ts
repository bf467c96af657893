import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { imageEnvironment } from '../../benchmarks/image-environment.ts';

const dockerfile = readFileSync(join(import.meta.dirname, '../../docker/Dockerfile'), 'utf8');

it.each(Object.entries(imageEnvironment))('the image sets %s as the benchmarks do: %s', (name, value) => {
  const [, set] = new RegExp(`^(?:ENV|   ) ${name}=(\\S+)`, 'm').exec(dockerfile) ?? [];
  expect(set).toBe(value);
});
