import { SETTINGS } from '#config';
import { expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describeWith, helm, helmDocs, kubernetesValidate } from '../tools.ts';
import { CHART, run } from './chart.ts';

const ROOT = join(CHART, '../..');
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const json = (...path: string[]) => JSON.parse(read(...path));
const values = parse(read('helm/nestor/values.yaml'));
const EXAMPLES = readdirSync(join(CHART, 'examples'));

/** Settings that other values of the chart decide. */
const DERIVED = [
  ...['PORT', 'GRPC_PORT', 'MODELS', 'DEFAULT_MODEL', 'SHUTDOWN_SECONDS'],
  ...['API_KEYS_FILE', 'ADMIN', 'ADMIN_KEYS_FILE'],
];

test("the chart's settings are the server's, except for those that it derives", () => {
  const schema = json('helm/nestor/values.schema.json');
  const names = SETTINGS.map(({ name }) => name).filter((name) => !DERIVED.includes(name));
  expect(Object.keys(schema.properties.settings.properties).sort()).toEqual(names.sort());
});

test('the chart installs the version of the application that it belongs to', () => {
  expect(parse(read('helm/nestor/Chart.yaml')).appVersion).toBe(json('package.json').version);
});

test('`helm test` expects what the training framework predicted', () => {
  const { records, prediction } = json('models/housing/training/golden.json');
  const asked: unknown[] = JSON.parse(values.test.body);
  const rows = asked.map((record) => records.findIndex((other: unknown) => isSame(record, other)));
  expect(rows.map((row) => prediction[row])).toEqual(values.test.expected);
  expect(new Set(values.test.expected).size).toBe(asked.length);
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

describeWith([helm], 'the chart', () => {
  test('passes helm lint, strictly', () => {
    expect(run('helm', ['lint', '--strict', CHART])).toMatchObject({ status: 0 });
  });

  test('renders its committed examples', () => {
    expect(run('node', [join(ROOT, 'helm/render-examples.mjs'), '--check'])).toEqual({ status: 0, output: '' });
  });
});

describeWith([kubernetesValidate], 'the examples of the chart, against the strict schemas of Kubernetes', () => {
  test.each(EXAMPLES)('%s', (example) => {
    const file = join(CHART, 'examples', example, 'rendered.yaml');
    const { status, output } = run('kubernetes-validate', ['--strict', '--kubernetes-version', '1.34', file]);
    expect({ status, output }).toMatchObject({ status: 0 });
    // Its schema is the Prometheus operator's: all that may go unchecked.
    const unchecked = output.split('\n').filter((line) => line.includes("Couldn't find schema"));
    expect(unchecked.filter((line) => !line.includes('ServiceMonitor'))).toEqual([]);
  });
});

describeWith([helmDocs], "the chart's README", () => {
  test('is what helm-docs writes', () => {
    const copy = mkdtempSync(join(tmpdir(), 'nestor-chart-'));
    try {
      cpSync(CHART, copy, { recursive: true });
      const written = run('helm-docs', ['--chart-search-root', copy, '--skip-version-footer', '--log-level', 'error']);
      expect(written).toEqual({ status: 0, output: '' });
      expect(readFileSync(join(copy, 'README.md'), 'utf8')).toBe(read('helm/nestor/README.md'));
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
