import { describe, expect, it } from '@jest/globals';
import { post, sharedServer } from '../serve.ts';

const NAMES = ['mean_radius', 'mean_texture', 'mean_perimeter', 'mean_area', 'mean_smoothness', 'mean_compactness'];
const VALUES = [17.99, 10.38, 122.8, 1001, 0.1184, 0.2776];

const csvOf = (names: readonly string[]): string => `${names.join(',')}\n${VALUES.slice(0, names.length).join(',')}\n`;
const splitOf = (columns: readonly string[]) => ({
  dataframe_split: { columns, data: [VALUES.slice(0, columns.length)] },
});
const columnsOf = (names: readonly string[], value: (at: number) => unknown) =>
  Object.fromEntries(names.map((name, at) => [name, value(at)]));

/** Forms whose columns are named once for all rows: where to send them, and as what. */
const TABLES: readonly [string, string, (names: readonly string[]) => unknown, Record<string, string>?][] = [
  ['CSV, answered with CSV', 'predict', csvOf, { 'content-type': 'text/csv', accept: 'text/csv' }],
  ['CSV, answered with JSON', 'predict', csvOf, { 'content-type': 'text/csv' }],
  ['dataframe_split', 'predict', splitOf],
  ['a DataFrame dict', 'predict', (names) => columnsOf(names, (at) => ({ 0: VALUES[at] }))],
  ['dataframe_split of MLflow', 'invocations', splitOf],
  ['inputs of MLflow', 'invocations', (names) => ({ inputs: columnsOf(names, (at) => [VALUES[at]]) })],
  ['CSV of MLflow', 'invocations', csvOf, { 'content-type': 'text/csv' }],
  ['inputs of V1', 'v1/models/xgboost:predict', (names) => ({ inputs: columnsOf(names, (at) => [VALUES[at]]) })],
];

describe.each(TABLES)('a table whose values may all be missing: %s', (_form, path, bodyOf, headers) => {
  const send = async (names: readonly string[]) => {
    const { url } = await sharedServer({ MODELS: 'test/models/xgboost' });
    return post(`${url}/${path}`, bodyOf(names), headers);
  };

  it('is answered if it has all columns', async () => {
    expect((await send(NAMES)).status).toBe(200);
  });

  it('is rejected without one of them', async () => {
    const { status, text } = await send(NAMES.slice(0, 5));
    expect(status).toBe(422);
    expect(text).toContain('mean_compactness has no column. Missing values are empty cells');
  });

  it('is rejected if one of them is misspelt', async () => {
    const { status, text } = await send([...NAMES.slice(0, 5), 'mean compactnes']);
    expect(status).toBe(422);
    expect(text).toContain('mean compactnes is not a feature of this model; did you mean mean_compactness?');
  });
});
