import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Answer, get, post, serve, sharedServer } from '../serve.ts';
import { modelsFolder } from './open-inference-client.ts';

interface Records {
  readonly records: Record<string, number>[];
  readonly prediction: unknown[];
}

const { records, prediction } = JSON.parse(readFileSync('models/wine/training/golden.json', 'utf8')) as Records;
const columns = Object.keys(records[0]!);
const data = records.map((record) => columns.map((name) => record[name]!));

const serveModel = (path: string) => sharedServer({ MODELS: path });

/** An error has MLflow's form, and no trace of how it came about. */
function expectError(answer: Answer, status: number, code: string, text: RegExp): void {
  expect(answer).toMatchObject({ status, json: { error_code: code, message: expect.stringMatching(text) } });
  expect(Object.keys(answer.json)).toEqual(['error_code', 'message']);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.text).not.toMatch(/\n|\.[jt]s\b/);
}

describe('MLflow', () => {
  it('is live, and names the version of MLflow that it follows', async () => {
    const { url } = await serveModel('models/wine');
    for (const path of ['/ping', '/health']) {
      const answer = await fetch(url + path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.text()).toBe('\n');
    }
    const version = await fetch(`${url}/version`);
    expect(version.headers.get('content-type')).toBe('application/json');
    const judged = /^mlflow-skinny==(.+)$/m.exec(readFileSync('test/clients/requirements.in', 'utf8'))?.[1];
    expect(await version.text()).toBe(judged);
    expect((await get(`${url}/invocations`)).status).toBe(405);
  });

  it('is not ready while the default model is not served', async () => {
    const keys = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
    writeFileSync(keys, 'sesame');
    const { url } = await serve({
      MODELS: 'test/models/text',
      ADMIN: 'on',
      ADMIN_KEYS_FILE: keys,
      API_KEYS_FILE: keys,
    });
    const unload = await post(`${url}/v2/repository/models/text/unload`, '', { 'x-api-key': 'sesame' });
    expect(unload.status).toBe(200);
    // Probes ask for no key.
    expect((await fetch(`${url}/ping`)).status).toBe(503);
    expect(await post(`${url}/invocations`, {})).toMatchObject({
      status: 401,
      json: { error_code: 'UNAUTHENTICATED' },
    });
  });

  it('answers every form of the same rows the same way', async () => {
    const { url } = await serveModel('models/wine');
    const byColumn = Object.fromEntries(columns.map((name, at) => [name, data.map((row) => row[at])]));
    const index = records.map((_, row) => row);
    const forms: unknown[] = [
      { dataframe_split: { index, columns, data } },
      { dataframe_split: { columns: columns.toReversed(), data: data.map((row) => row.toReversed()) } },
      { dataframe_split: { data } },
      { dataframe_records: records },
      { instances: records },
      { instances: data },
      { inputs: byColumn },
      { inputs: data },
      { inputs: records, params: {} },
      { inputs: records, params: null },
    ];
    for (const form of forms) {
      const answer = await post(`${url}/invocations`, form);
      expect(answer.json).toEqual({ predictions: prediction });
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
    const csv = [columns.join(','), ...data.map((row) => row.join(','))].join('\n');
    for (const type of ['text/csv', 'text/csv; charset=utf-8']) {
      const answer = await post(`${url}/invocations`, csv, { 'content-type': type });
      expect(answer.json).toEqual({ predictions: prediction });
    }
  });

  it('returns several outputs as one object per row', async () => {
    const { url } = await serveModel('test/models/several');
    const answer = await post(`${url}/invocations`, { inputs: { sides: [[1, 2]], count: [2] } });
    expect(answer.json).toEqual({ predictions: [{ total: 3, scaled: [2, 4], next: 3 }] });
  });

  it('feeds unnamed values from a DataFrame with any column names', async () => {
    const { url } = await serveModel('test/models/identity-fp32');
    for (const split of [
      { columns: ['a', 'b'], data: [[1, 2]] },
      { index: [7], columns: [0, 1], data: [[1, 2]] },
    ]) {
      expect((await post(`${url}/invocations`, { dataframe_split: split })).json).toEqual({ predictions: [[1, 2]] });
    }
  });

  it("reads Python's bare NaN as a missing value", async () => {
    const { url } = await serveModel('test/models/xgboost');
    const names = ['mean_radius', 'mean_texture', 'mean_perimeter', 'mean_area', 'mean_smoothness', 'mean_compactness'];
    const split = (row: string) => `{"dataframe_split": {"columns": ${JSON.stringify(names)}, "data": [${row}]}}`;
    const missing = await post(`${url}/invocations`, split('[17.99, 10.38, NaN, 1001.0, 0.1184, NaN]'));
    expect(missing.status).toBe(200);
    expect(missing.json).toEqual((await post(`${url}/invocations`, split('[17.99,10.38,null,1001,0.1184,null]'))).json);
    expectError(await post(`${url}/invocations`, split('[Infinity,1,1,1,1,1]')), 400, 'BAD_REQUEST', /not valid JSON/);
    expectError(await post(`${url}/invocations`, split('["NaN",1,1,1,1,1]')), 422, 'INVALID_PARAMETER_VALUE', /"NaN"/);
    expectError(
      await post(`${url}/invocations`, split('[" \\" NaN",NaN,1,1,1,1]')),
      422,
      'INVALID_PARAMETER_VALUE',
      /NaN/,
    );
  });

  it.each([
    'application/x-www-form-urlencoded',
    'text/csv; header=present',
    'application/json; charset=latin-1',
    'x/y',
  ])('does not read %s', async (type) => {
    const { url } = await serveModel('test/models/text');
    expectError(await post(`${url}/invocations`, '{}', { 'content-type': type }), 415, 'BAD_REQUEST', /not (read|UTF)/);
  });

  it.each<[string, unknown, number, string, RegExp]>([
    ['what is no JSON', '{"inputs"', 400, 'BAD_REQUEST', /not valid JSON/],
    ['nothing', '', 400, 'BAD_REQUEST', /empty/],
    ['a list', [{ word: 'red' }], 422, 'INVALID_PARAMETER_VALUE', /is a list/],
    ['no format', { params: {} }, 422, 'INVALID_PARAMETER_VALUE', /has none/],
    ['two formats', { inputs: [], instances: [] }, 422, 'INVALID_PARAMETER_VALUE', /"inputs", "instances"/],
    [
      'a format of version 1',
      { columns: ['word'], data: [['red']] },
      422,
      'INVALID_PARAMETER_VALUE',
      /dataframe_split/,
    ],
    ['params', { inputs: ['red'], params: { n: 1 } }, 422, 'INVALID_PARAMETER_VALUE', /"params" are not supported/],
    ['params of another kind', { inputs: ['red'], params: 7 }, 422, 'INVALID_PARAMETER_VALUE', /"params"/],
    ['a wrong value', { dataframe_records: [{ word: 7 }] }, 422, 'INVALID_PARAMETER_VALUE', /row 0: word is 7/],
    [
      'an unknown part of a split',
      { dataframe_split: { data: [['red']], dtypes: [] } },
      422,
      'INVALID_PARAMETER_VALUE',
      /split/,
    ],
    [
      'too short an index',
      { dataframe_split: { data: [['red']], index: [] } },
      422,
      'INVALID_PARAMETER_VALUE',
      /split/,
    ],
  ])('refuses %s', async (_what, body, status, code, text) => {
    const { url } = await serveModel('test/models/text');
    expectError(await post(`${url}/invocations`, body), status, code, text);
  });

  it('requires a model if none is the default', async () => {
    const { url } = await serve({ MODELS: modelsFolder('test/models/text', 'test/models/several') });
    expectError(await post(`${url}/invocations`, { inputs: ['red'] }), 404, 'RESOURCE_DOES_NOT_EXIST', /DEFAULT_MODEL/);
  });
});
