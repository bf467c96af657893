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

describe('the pages that are made from the code', () => {
  it.each(Object.keys(PAGES))('%s is what `npm run docs` writes', (path) => {
    expect(committed(path)).toBe(PAGES[path]);
  });

  it('describe each setting that exists, and no other', () => {
    expect(firstCells(committed('docs/settings.md'))).toEqual(SETTINGS.map(({ name }) => name));
  });

  it('describe each error code that exists, and no other', () => {
    expect(firstCells(committed('docs/errors.md'))).toEqual(Object.keys(CATALOGUE));
  });
});
