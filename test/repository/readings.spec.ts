import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const specs = globSync('{apps,libs,test}/**/*.spec.ts', { cwd: root });

/** The rows of the tables that end with a test, as [point, test]. */
const readings = [
  ...text('docs/protocols.md').matchAll(/^\|[^\n]*\| Test \|\n\|[-| ]+\|\n((?:\|[^\n]*\|\n)+)/gm),
].flatMap(([, rows]) =>
  [...rows!.matchAll(/^\| (.+?) \|.*\| (.+?) \|$/gm)].map(
    ([, point, holder]) => [String(point), String(holder)] as const,
  ),
);

/** What the tests of a spec are called: what stands first in a call and has something after it. */
function titlesIn(path: string): string[] {
  return [...text(path).matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1,\s/g)].map(([, , title]) =>
    title!.replaceAll('\\', ''),
  );
}

/**
 * How many tests "`spec`: title" names. A title may leave out what it is about as "…", or say it where the test has a
 * placeholder: "refuses params" is the case 'params' of 'refuses %s'.
 */
function testsNamed(holder: string): number {
  const [, name, wanted = ''] = /^`(.+\.spec\.ts)`: (.+)$/.exec(holder) ?? [];
  const begins = new RegExp(`^${wanted.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&').replaceAll('…', '.*')}`);
  const paths = specs.filter((path) => basename(path) === name);
  return paths.flatMap((path) =>
    titlesIn(path).filter((title) => begins.test(title) || isCaseOf(title, wanted, text(path))),
  ).length;
}

function isCaseOf(title: string, wanted: string, spec: string): boolean {
  const [before, after] = title.split('%s');
  return after === '' && wanted.startsWith(before!) && spec.includes(`['${wanted.slice(before!.length)}', `);
}

describe('the tables of readings in docs/protocols.md', () => {
  it('are found', () => {
    expect(readings.length).toBeGreaterThanOrEqual(40);
  });

  it.each(readings)('%s: %s', (_point, holder) => {
    expect(testsNamed(holder)).toBe(1);
  });
});
