import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const table = text('docs/architecture.md').split('## Invariants')[1] ?? '';
const invariants = [...table.matchAll(/^\| \*\*(.+?)\*\*.*? \| (.+) \|$/gm)].map(
  ([, name, holders]) => [String(name), String(holders).split('<br>')] as const,
);

/** What is wrong with "`path` › title of a test" or "rule `name`", or undefined. */
function missing(holder: string): string | undefined {
  const [, rule] = /^rule `(.+)`$/.exec(holder) ?? [];
  if (rule !== undefined) return text('.dependency-cruiser.mjs').includes(`'${rule}'`) ? undefined : `no rule ${rule}`;
  const [, path = '', title = ''] = /^`(.+\.spec\.ts)` › (.+)$/.exec(holder) ?? [];
  if (!existsSync(join(root, path))) return `no spec ${path || holder}`;
  // Titles stand in three kinds of quotes, in two of which an apostrophe needs a backslash. What describes many is no test.
  const named = text(path)
    .replaceAll("\\'", "'")
    .matchAll(/(?<!\bdescribe)\(\s*(['"`])(.+?)\1,/g);
  const tests = [...named].filter(([, , each]) => each === title).length;
  return tests === 1 ? undefined : `${tests} tests are called "${title}" in ${path}`;
}

describe('the invariants in docs/architecture.md', () => {
  it('are listed', () => {
    expect(invariants.length).toBeGreaterThan(10);
  });

  it.each(invariants)('%s is held by what exists', (_name, holders) => {
    expect(holders.map(missing).filter((problem) => problem !== undefined)).toEqual([]);
  });
});

/** The names under which GitHub links the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('the documents', () => {
  const documents = [...globSync('*.md', { cwd: root }), ...globSync('docs/*.md', { cwd: root })];

  it.each(documents)('%s links only to files and headings that exist', (path) => {
    const links = [...text(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const lost = links.filter(([, file, heading]) => {
      const target = file ? join(path, '..', file) : path;
      if (!existsSync(join(root, target))) return true;
      return heading !== undefined && target.endsWith('.md') && !anchorsOf(text(target)).includes(heading);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  it.each(documents)('%s names only npm scripts that exist', (path) => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(text('package.json'));
    const named = [...text(path).matchAll(/npm run ([a-z][a-z:]*)/g)].map(([, name]) => String(name));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
