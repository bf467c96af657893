import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { golden, testModel } from '../models/test-models.ts';
import { get, post, sharedServer } from '../serve.ts';

/** A folder with a model file and no manifest. */
function bare(...names: string[]): string {
  const repository = mkdtempSync(join(tmpdir(), 'nestor-inputs-'));
  for (const name of names) {
    mkdirSync(join(repository, name, '1'), { recursive: true });
    cpSync(testModel(name), join(repository, name, '1', 'model.onnx'));
  }
  return repository;
}

describe('a model without a manifest', () => {
  const env = { MODELS: bare('sklearn-classifier') };

  it('takes the columns of a table by position, in every form and protocol alike', async () => {
    const { url } = await sharedServer(env);
    const { records = [], outputs } = await golden('sklearn-classifier');
    const predictions = outputs.label!.data;
    const columns = Object.keys(records[0]!);
    const data = records.map((record) => columns.map((name) => record[name]));
    const byColumn = Object.fromEntries(columns.map((name) => [name, records.map((record) => record[name])]));
    const frame = Object.fromEntries(columns.map((name) => [name, Object.fromEntries(byColumn[name]!.entries())]));
    const csv = [columns, ...data].map((cells) => cells.join(',')).join('\n');
    const split = { dataframe_split: { columns, data } };

    const csvHeader = { 'content-type': 'text/csv' };
    const predict = `${url}/models/sklearn-classifier/predict`;
    for (const answer of [
      ...(await Promise.all([records, { instances: records }, frame, split].map((body) => post(predict, body)))),
      await post(predict, csv, csvHeader),
    ]) {
      expect(answer.json).toMatchObject({ prediction: predictions, warnings: [{ field: 'X' }] });
      expect(answer.json.warnings[0].detail).toContain(`the columns ${columns.join(', ')} in this order`);
    }
    const v1 = `${url}/v1/models/sklearn-classifier:predict`;
    const smallFrames = records.map((record) => Object.fromEntries(columns.map((name) => [name, { 0: record[name] }])));
    const inLists = records.map((record) => Object.fromEntries(columns.map((name) => [name, [record[name]]])));
    for (const body of [
      ...[records, data, smallFrames, inLists].map((instances) => ({ instances })),
      ...[byColumn, data, records].map((inputs) => ({ inputs })),
    ]) {
      expect((await post(v1, body)).json).toEqual({ predictions });
    }
    for (const [body, headers] of [
      [split, {}],
      [{ dataframe_records: records }, {}],
      [{ inputs: byColumn }, {}],
      [csv, csvHeader],
    ] as const) {
      expect((await post(`${url}/invocations`, body, headers)).json).toEqual({ predictions });
    }
    const labelled = await post(predict, csv, { ...csvHeader, accept: 'text/csv' });
    expect(labelled.text.split('\n').slice(1, -1)).toHaveLength(records.length);
    expect(labelled.text).toMatch(new RegExp(`^${columns.join(',')},prediction,probability,error\n`));
  });

  it('says in one error how many columns it takes', async () => {
    const { url } = await sharedServer(env);
    const predict = `${url}/models/sklearn-classifier/predict`;
    for (const [body, headers] of [
      [[{ a: 1, b: 2 }], {}],
      ['a,b\n1,2\n', { 'content-type': 'text/csv' }],
      ['a,b\n1,2\n', { 'content-type': 'text/csv', accept: 'text/csv' }],
    ] as const) {
      const { status, text } = await post(predict, body, headers);
      const problem = JSON.parse(text) as { errors: unknown[] };
      expect({ status, count: problem.errors.length }).toEqual({ status: 422, count: 1 });
      expect(problem.errors[0]).toMatchObject({ detail: expect.stringContaining('takes 4 columns by position') });
    }
  });

  it('is described so', async () => {
    const { url } = await sharedServer(env);
    const { json } = await get(`${url}/models/sklearn-classifier`);
    expect(json.features).toEqual([{ name: 'X', type: 'number', input: 'X', shape: [4], byPosition: true }]);
  });
});
