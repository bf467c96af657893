import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { connect } from '#client';
import { modelOf, node, type Sketch } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { golden, testModel } from '../models/test-models.ts';
import { get, post, sharedServer } from '../serve.ts';
import { modelsFolder } from './open-inference-client.ts';

/** A model to be made: what its file is, and what its manifest says, where it has one. */
interface Made {
  readonly model: Sketch | string;
  readonly manifest?: object;
}

/** A folder of models. */
function repositoryOf(models: Readonly<Record<string, Made>>): string {
  const repository = mkdtempSync(join(tmpdir(), 'nestor-inputs-'));
  for (const [name, { model, manifest }] of Object.entries(models)) {
    const path = join(repository, name, '1', 'model.onnx');
    mkdirSync(join(path, '..'), { recursive: true });
    if (typeof model === 'string') cpSync(testModel(model), path);
    else writeFileSync(path, modelBytes(modelOf(model)));
    if (manifest !== undefined) writeFileSync(join(repository, name, 'model.json'), JSON.stringify(manifest));
  }
  return repository;
}

/** A whole number a row, which is answered as it is. */
const IDS: Sketch = { inputs: { x: { shape: ['N', 1], elementType: 7 } }, nodes: [node('Identity', 'x')] };

describe('a model without a manifest', () => {
  const env = { MODELS: repositoryOf({ 'sklearn-classifier': { model: 'sklearn-classifier' } }) };

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

describe('whole numbers of 64 bits', () => {
  const env = { MODELS: modelsFolder('test/models/identity-int64', 'test/models/identity-uint64') };

  it.each([
    ['identity-int64', [-(2n ** 63n), 2n ** 53n + 1n]],
    ['identity-uint64', [2n ** 64n - 1n, 7n]],
  ])('keep every digit in every protocol, there and back: %s', async (model, values) => {
    const { url } = await sharedServer({ ...env, DEFAULT_MODEL: model });
    const list = `[${values.join(',')}]`;
    const rows = `[{"x":${list}}]`;
    const predict = `${url}/models/${model}/predict`;
    for (const [path, body, answer] of [
      [predict, rows, `{"prediction":[${list}],`],
      [predict, `{"instances":[${list}]}`, `{"prediction":[${list}],`],
      [`${url}/v1/models/${model}:predict`, `{"instances":[${list}]}`, `{"predictions":[${list}]}`],
      [`${url}/v1/models/${model}:predict`, `{"inputs":{"x":[${list}]}}`, `{"predictions":[${list}]}`],
      [`${url}/invocations`, `{"dataframe_records":${rows}}`, `{"predictions":[${list}]}`],
      [`${url}/invocations`, `{"inputs":{"x":[${list}]}}`, `{"predictions":[${list}]}`],
    ] as const) {
      const { status, text } = await post(path, body);
      expect({ status, text }).toEqual({ status: 200, text: expect.stringContaining(answer) });
    }
    const remote = connect(url).predictor(model);
    expect(await remote.predict([{ x: values }])).toEqual([{ prediction: values.map(smallest) }]);
  });

  it('keep every digit in CSV and in frames', async () => {
    const { url } = await sharedServer({ MODELS: repositoryOf({ id: { model: IDS } }) });
    const values = ['9223372036854775807', '-9007199254740993', '12'];
    const csv = `x\n${values.join('\n')}\n`;
    const asCsv = { 'content-type': 'text/csv' };
    const predict = `${url}/models/id/predict`;
    expect((await post(predict, csv, asCsv)).text).toContain(`{"prediction":[${values.join(',')}],`);
    expect((await post(predict, csv, { ...asCsv, accept: 'text/csv' })).text).toBe(
      `x,prediction,error\n${values.map((value) => `${value},${value},\n`).join('')}`,
    );
    const frame = `{"x":{${values.map((value, row) => `"${row}":${value}`).join(',')}}}`;
    expect((await post(predict, frame)).text).toContain(`{"prediction":[${values.join(',')}],`);
    const split = `{"dataframe_split":{"columns":["x"],"data":[${values.map((value) => `[${value}]`).join(',')}]}}`;
    expect((await post(`${url}/invocations`, split)).text).toBe(`{"predictions":[${values.join(',')}]}`);
  });
});

/** A whole number as the clients' library has it. */
const smallest = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
