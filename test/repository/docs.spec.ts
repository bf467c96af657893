import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SETTINGS } from '#config';
import { CATALOGUE } from '#errors';
import { PAGES } from '../../scripts/docs.ts';

const root = join(import.meta.dirname, '../..');
const committed = (path: string): string => readFileSync(join(root, path), 'utf8');
const firstCells = (page: string): string[] =>
  [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => String(name));

describe('the pages that are generated from the code', () => {
  it.each(Object.keys(PAGES))('%s is what `npm run docs` writes', (path) => {
    expect(committed(path)).toBe(PAGES[path]);
  });

  it('describe every setting, and nothing else', () => {
    expect(firstCells(committed('docs/settings.md'))).toEqual(SETTINGS.map(({ name }) => name));
  });

  it('describe every error code, and nothing else', () => {
    expect(firstCells(committed('docs/errors.md'))).toEqual(Object.keys(CATALOGUE));
  });
});
