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

const golden = (model: string): Records => JSON.parse(readFileSync(`${model}/training/golden.json`, 'utf8')) as Records;
const housing = golden('models/housing');
const wine = golden('models/wine');

const MODELS = ['models/housing', 'models/wine', 'test/models/several', 'test/models/fixed-batch', 'test/models/text'];
const env = { MODELS: modelsFolder(...MODELS) };

/** An error has KServe's form, and exactly the content type that KServe's client reads. */
function expectError(answer: Answer, status: number, text: RegExp): void {
  expect(answer).toMatchObject({ status, json: { error: expect.stringMatching(text) } });
  expect(Object.keys(answer.json)).toEqual(['error']);
  expect(answer.headers.get('content-type')).toBe('application/json');
}

describe('KServe V1', () => {
  it('lists the models and says which are ready', async () => {
    const { url } = await sharedServer(env);
    expect((await get(`${url}/v1/models`)).json).toEqual({
      models: ['fixed-batch', 'housing', 'several', 'text', 'wine'],
    });
    expect(await get(`${url}/v1/models/wine`)).toMatchObject({ status: 200, json: { name: 'wine', ready: true } });
    expectError(await get(`${url}/v1/models/vine`), 404, /vine/);
    expectError(await get(`${url}/v1/nothing`), 404, /\/v1\/nothing/);
    expectError(await get(`${url}/v1/models/wine:predict`), 405, /wine:predict accepts POST/);
    expectError(await post(`${url}/v1/models/wine:explain`, {}), 404, /wine:explain/);
  });

  it('answers every form of the same rows the same way', async () => {
    const { url } = await sharedServer(env);
    const names = Object.keys(housing.records[0]!);
    const lists = housing.records.map((record) => names.map((name) => record[name]!));
    const columns = Object.fromEntries(names.map((name) => [name, housing.records.map((record) => record[name])]));
    const perColumn = (wrap: (value: number) => unknown, record: Record<string, number>) =>
      Object.fromEntries(Object.entries(record).map(([name, value]) => [name, wrap(value)]));
    const forms: unknown[] = [
      { instances: housing.records },
      { instances: lists },
      { instances: lists, signature_name: 'serving_default' },
      { instances: housing.records.map((record) => perColumn((value) => ({ '0': value }), record)) },
      { instances: housing.records.map((record) => perColumn((value) => [value], record)) },
      { instances: [columns] },
      { inputs: columns },
      { inputs: Object.fromEntries(names.map((name) => [name, housing.records.map((record) => [record[name]])])) },
      { inputs: lists },
      { inputs: housing.records },
    ];
    for (const form of forms) {
      const answer = await post(`${url}/v1/models/housing:predict`, form);
      expect(answer.json.error).toBeUndefined();
      expect(Object.keys(answer.json)).toEqual(['predictions']);
      expect(answer.json.predictions).toHaveLength(housing.prediction.length);
      for (const [row, price] of answer.json.predictions.entries()) {
        expect(price).toBeCloseTo(housing.prediction[row] as number, 3);
      }
    }
  });

  it('answers the rows of small DataFrames in the order of the text, with any labels', async () => {
    const { url } = await sharedServer(env);
    const predict = (instances: string) => post(`${url}/v1/models/text:predict`, `{"instances": [${instances}]}`);
    const frames = '{"word":{"5":"red","2":"blue"}}, {"word":"green"}, {"word":{"b":"blue","10":"red","1":"green"}}';
    expect((await predict(frames)).json).toEqual({ predictions: ['RED', 'BLUE', 'GREEN', 'BLUE', 'RED', 'GREEN'] });
    const houses = housing.records.slice(0, 3);
    const labels = ['7', '30', '4'];
    const columns = Object.keys(houses[0]!).map((name, column) => {
      // Values belong together by their labels, whatever their order is in the columns behind the first.
      const cells = houses.map((house, row) => `"${labels[row]!}":${house[name]!}`);
      return `"${name}":{${(column % 2 === 0 ? cells : cells.toReversed()).join(',')}}`;
    });
    const body = `{"instances": [{"RM": 6}], "instances": [{${columns.join(',')}}]}`;
    const { predictions } = (await post(`${url}/v1/models/housing:predict`, body)).json as { predictions: number[] };
    for (const [row, price] of predictions.entries()) expect(price).toBeCloseTo(housing.prediction[row] as number, 3);
    expect(predictions).toHaveLength(3);
  });

  it("returns a classifier's labels, and several outputs as one object per row", async () => {
    const { url } = await sharedServer(env);
    const labelled = await post(`${url}/v1/models/wine:predict`, { instances: wine.records });
    expect(labelled.json).toEqual({ predictions: wine.prediction });
    const several = {
      instances: [
        { sides: [1, 2], count: 2 },
        { sides: [3, 4.5], count: 10 },
      ],
    };
    expect((await post(`${url}/v1/models/several:predict`, several)).json).toEqual({
      predictions: [
        { total: 3, scaled: [2, 4], next: 3 },
        { total: 7.5, scaled: [30, 45], next: 11 },
      ],
    });
    expect(
      (await post(`${url}/v1/models/several:predict`, { inputs: { count: [[2]], sides: [[1, 2]] } })).json,
    ).toEqual({
      predictions: [{ total: 3, scaled: [2, 4], next: 3 }],
    });
    expect((await post(`${url}/v1/models/text:predict`, { instances: ['blue', 'mauve'] })).json).toEqual({
      predictions: ['BLUE', '?'],
    });
  });

  it('takes whole tensors if a model has no rows', async () => {
    const { url } = await sharedServer(env);
    const x = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [0, 0, 1],
    ];
    for (const body of [{ inputs: x }, { inputs: { x } }, { instances: [{ x }] }]) {
      expect((await post(`${url}/v1/models/fixed-batch:predict`, body)).json).toEqual({
        predictions: [[6, 15, 24, 1]],
      });
    }
  });

  it('reads JSON with any content type', async () => {
    const { url } = await sharedServer(env);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=utf-8']) {
      const answer = await post(`${url}/v1/models/text:predict`, { instances: ['red'] }, { 'content-type': type });
      expect(answer.json).toEqual({ predictions: ['RED'] });
    }
  });

  it('reads the body of a binary CloudEvent, and rejects a structured one', async () => {
    const { url } = await sharedServer(env);
    const predict = `${url}/v1/models/text:predict`;
    const event = { 'ce-specversion': '1.0', 'ce-id': '7', 'ce-source': 'test', 'ce-type': 'test' };
    expect((await post(predict, { instances: ['red'] }, event)).json).toEqual({ predictions: ['RED'] });
    const structured = { specversion: '1.0', id: '7', source: 'test', type: 'test', data: { instances: ['red'] } };
    expectError(await post(predict, structured), 422, /"specversion"/);
  });

  it.each<[string, unknown, number, RegExp]>([
    ['what is no JSON', '{"instances": [', 400, /not valid JSON/],
    ['nothing', '', 400, /empty/],
    ['a list', [[1]], 422, /not an object/],
    ['neither form', {}, 422, /Send exactly one/],
    ['both forms', { instances: [['red']], inputs: [['red']] }, 422, /Send exactly one/],
    ['an unknown member', { instances: ['red'], parameters: {} }, 422, /"parameters"/],
    ['instances that are no list', { instances: 'red' }, 422, /"instances" is not a list/],
    ['no rows', { instances: [] }, 422, /no rows/],
    ['a value of another type', { instances: [{ word: 7 }] }, 422, /row 0: word is 7/],
    ['columns of different lengths', { inputs: { word: ['red'], ward: ['a', 'b'] } }, 422, /ward has 2 rows/],
    ['small DataFrames that are ragged', { instances: [{ word: { 0: 'red' }, ward: { 1: 'a' } }] }, 422, /"ward"/],
    [
      'a record among DataFrames with a wrong name',
      { instances: [{ word: ['red'] }, { ward: 'a' }] },
      422,
      /row 1: word is missing/,
    ],
  ])('refuses %s', async (_what, body, status, text) => {
    const { url } = await sharedServer(env);
    expectError(await post(`${url}/v1/models/text:predict`, body), status, text);
  });

  it('requires a key and limits bodies in its own form, and survives deep nesting', async () => {
    const keys = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
    writeFileSync(keys, 'sesame');
    const { url } = await serve({ ...env, API_KEYS_FILE: keys, MAX_BODY_BYTES: '300000' });
    const predict = `${url}/v1/models/text:predict`;
    expectError(await post(predict, { instances: ['red'] }), 401, /API key/);
    expectError(await get(`${url}/v1/models`), 401, /API key/);
    const authorization = 'Bearer sesame';
    expectError(await post(predict, { instances: ['x'.repeat(300_000)] }, { authorization }), 413, /large|bytes/);
    const deep = `{"instances":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expectError(await post(predict, deep, { authorization }), 422, /row 0/);
    expect((await post(predict, { instances: ['red'] }, { authorization })).json).toEqual({ predictions: ['RED'] });
  });

  it('is logged and counted like every prediction', async () => {
    const { url, log } = await serve(env);
    await post(`${url}/v1/models/wine:predict`, { instances: wine.records.slice(0, 2) });
    const line = log.find(({ path }) => path === '/v1/models/wine:predict');
    expect(line).toMatchObject({ model: 'wine', version: '1', rows: 2, status: 200 });
    await post(`${url}/v1/models/wine:predict`, {});
    expect(log.at(-1)).toMatchObject({ model: 'wine', status: 422, code: 'INVALID_REQUEST' });
  });
});
