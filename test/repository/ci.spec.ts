import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const config = parse(text('.circleci/config.yml'), { merge: true });
const { scripts }: { scripts: Record<string, string> } = JSON.parse(text('package.json'));
const local = text('.ci/run');

const jobs: [string, { executor: string; steps: unknown[] }][] = Object.entries(config.jobs);
const stepLists = [
  ...jobs.map(([, { steps }]) => steps),
  ...Object.values<any>(config.commands).map(({ steps }) => steps),
];
/** The npm scripts that .ci/run calls. */
const locally = [...local.matchAll(/^ *(?:check|jest_stage) '[^']*' (?:npm run )?(.+)$/gm)]
  .map(([, command]) => String(command))
  .filter((command) => command in scripts);
const runs: string[] = [...new Set(stepLists.flat().flatMap((step: any) => step.run ?? []))];

describe('the CircleCI configuration', () => {
  it('runs something', () => {
    expect(runs).toEqual(expect.arrayContaining(['npm ci', 'npm run lint', 'npm run typecheck', 'npm test']));
  });

  it.each(runs)('%s is one npm script, or a script that .ci/run calls too', (run) => {
    const [, script] = /^npm (?:run )?([a-z:]+)$/.exec(run) ?? [];
    if (run === 'npm ci') return;
    if (script === undefined) {
      accessSync(join(root, run), constants.X_OK);
      expect(local).toContain(run);
    } else expect(Object.keys(scripts)).toContain(script);
  });

  it('runs everything that .ci/run runs', () => {
    const inCircle = runs.map((run) => run.replace(/^npm (run )?/, ''));
    expect(locally).toEqual(
      expect.arrayContaining([
        'lint',
        'typecheck',
        'test',
        'test:clients',
        'test:exports',
        'test:onnx:short',
        'test:cluster',
      ]),
    );
    for (const script of locally) expect(inCircle).toContain(script);
  });

  it('runs every tier of tests', () => {
    const selected = locally.flatMap((script) => scripts[script]!.match(/(?<=--selectProjects )[a-z0-9 ]+/) ?? []);
    const tiers = [...text('jest.config.mjs').matchAll(/tier\('([a-z0-9]+)'/g)].map(([, name]) => name);
    expect(selected.join(' ').split(' ').sort()).toEqual(tiers.sort());
  });

  it('uses no orbs, and pinned convenience images', () => {
    expect(config.orbs).toBeUndefined();
    for (const { docker = [], machine } of Object.values<any>(config.executors)) {
      for (const { image } of docker) expect(image).toMatch(/^cimg\/[a-z]+:\d+\.\d+\.\d+(-[a-z]+)?$/);
      if (machine) expect(machine.image).toMatch(/^ubuntu-\d{4}:\d{4}\.\d{2}\.\d+$/);
    }
  });

  it('publishes only on a tag, after everything else has passed', () => {
    const listed: any[] = config.workflows.change.jobs;
    const publish = listed.find((job) => job.publish).publish;
    expect(publish.filters).toEqual({ branches: { ignore: '/.*/' }, tags: { only: String.raw`/^v\d+\.\d+\.\d+$/` } });
    expect(publish.requires).toEqual(expect.arrayContaining(['lint', 'test', 'cluster']));
    // A job without a filter for tags does not run on a tag, and what requires it would never start.
    for (const job of listed) expect(Object.values<any>(job)[0].filters.tags).toEqual(publish.filters.tags);
  });
});
