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

  it('takes the columns of a table by position, in every form and protocol', async () => {
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
    const remote = await connect(url).predictor('sklearn-classifier').predict(records.slice(0, 2));
    expect(remote).toMatchObject([0, 1].map((row) => ({ prediction: predictions[row], warnings: [{ field: 'X' }] })));
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

  it('is described accordingly', async () => {
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
  ])('keep every digit in every protocol, in both directions: %s', async (model, values) => {
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

describe('inputs that rows leave out', () => {
  const STREAM: Sketch = {
    inputs: { x: [undefined, undefined], state: [2, undefined, 3], rate: { shape: [], elementType: 7 } },
    nodes: [
      node('Cast', 'rate', 'factor', { to: 1 }),
      node('Mul', 'x factor', 'y'),
      node('Add', 'state factor', 'next'),
    ],
    outputs: ['y', 'next'],
  };
  /** One of five values, by its index: any other index fails the run. */
  const LOOKUP: Sketch = {
    inputs: { ids: { shape: ['N', 4], elementType: 7 } },
    nodes: [node('Gather', 'table ids', 'found'), node('ReduceSum', 'found axes', 'y', { keepdims: 1 })],
    constants: [
      { name: 'table', elementType: 1, shape: [5], numbers: [0, 1, 2, 3, 4] },
      { name: 'axes', elementType: 7, shape: [1], numbers: [1] },
    ],
  };
  const PICTURE: Sketch = {
    inputs: { image: ['N', 1, 2, 2], offset: ['N', 4] },
    nodes: [node('Flatten', 'image', 'pixels', { axis: 1 }), node('Add', 'pixels offset', 'y')],
  };
  const stream = {
    features: [
      { name: 'x', shape: [1, 2] },
      { name: 'state', shape: [2, 1, 3], default: 0 },
      { name: 'rate', default: 8 },
    ],
  };
  const models = {
    stream: { model: STREAM, manifest: stream },
    lookup: { model: LOOKUP, manifest: { features: [{ name: 'ids', range: [0, 4] }] } },
    picture: {
      model: PICTURE,
      manifest: {
        image: { width: 2, height: 2, channels: 1 },
        features: [{ name: 'image' }, { name: 'offset', default: [1, 2, 3, 4] }],
      },
    },
  };
  const env = { MODELS: repositoryOf(models) };

  it('have their defaults, such as a first state and a sample rate', async () => {
    const { url } = await sharedServer(env);
    const next = [8, 8, 8];
    const answered = { predictions: [{ y: [[8, 16]], next: [[next], [next]] }] };
    expect((await post(`${url}/v1/models/stream:predict`, { instances: [{ x: [[1, 2]] }] })).json).toEqual(answered);
    expect((await post(`${url}/models/stream/predict`, { x: [[1, 2]] })).status).toBe(200);
    const goesOn = { x: [[1, 2]], state: [[next], [next]], rate: 1 };
    expect((await post(`${url}/v1/models/stream:predict`, { instances: [goesOn] })).json).toMatchObject({
      predictions: [{ y: [[1, 2]], next: [[[9, 9, 9]], [[9, 9, 9]]] }],
    });
  });

  it('are required for tensors (V2)', async () => {
    const { url } = await sharedServer(env);
    const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
    const { status, json } = await post(`${url}/v2/models/stream/infer`, { inputs: [x] });
    expect({ status, json }).toEqual({ status: 422, json: { error: expect.stringContaining('state') } });
  });

  it('are described as optional, and as the meaning of null', async () => {
    const { url } = await sharedServer(env);
    const { json } = await get(`${url}/openapi.json`);
    expect(json.components.schemas.Stream).toMatchObject({
      required: ['x'],
      properties: {
        state: { type: ['array', 'null'], description: expect.stringContaining('each element is 0') },
        rate: { type: ['integer', 'null'], default: 8 },
      },
    });
  });

  it('can accompany a picture', async () => {
    const { url } = await sharedServer(env);
    const { json } = await post(`${url}/models/picture/predict`, [
      { pixels: [0, 10, 20, 30] },
      { pixels: [1, 1, 1, 1] },
    ]);
    expect(json.prediction).toEqual([
      [1, 12, 23, 34],
      [2, 3, 4, 5],
    ]);
    const own = await post(`${url}/models/picture/predict`, [{ pixels: [0, 10, 20, 30], offset: [0, 0, 0, 1] }]);
    expect(own.json.prediction).toEqual([[0, 10, 20, 31]]);
    const wrong = await post(`${url}/models/picture/predict`, [{ pixels: [0, 10, 20, 30], offset: [1] }]);
    expect(wrong).toMatchObject({ status: 422, json: { errors: [{ row: 0, field: 'offset' }] } });
  });

  it('prevent serving of pictures if they have no default', async () => {
    const { manifest } = models.picture;
    const broken = { model: PICTURE, manifest: { ...manifest, features: [{ name: 'image' }, { name: 'offset' }] } };
    const { url } = await sharedServer({ MODELS: repositoryOf({ broken, lookup: models.lookup }) });
    expect((await get(`${url}/models/broken`)).json.versions[0].reason).toMatch(
      /"image" feeds image, and beside a picture every other input has its "default" in "features": offset is missing/,
    );
  });

  it('have made-up values within their range when a model is tried', async () => {
    const { url } = await sharedServer(env);
    const [served] = (await get(`${url}/models/lookup`)).json.served;
    expect(served.rows.kind).toBe('independent');
    expect(Object.keys(served.timings.msPerRow)).toContain('8');
  });
});

describe('a byte order mark', () => {
  const MARK = '\uFEFF';
  const repository = repositoryOf({ id: { model: IDS } });
  writeFileSync(join(repository, 'id', 'model.json'), `${MARK}{"title": "Marked"}`);
  const keys = join(repository, '.keys');
  writeFileSync(keys, `${MARK}secret\r\n`);
  const env = { MODELS: repository, API_KEYS_FILE: keys, ADMIN: 'on', ADMIN_KEYS_FILE: keys };
  const key = { 'x-api-key': 'secret' };

  it('is skipped in the bodies of every protocol, in manifests and in key files', async () => {
    const { url } = await sharedServer(env);
    expect((await get(`${url}/models/id`, key)).json.title).toBe('Marked');
    const tensor = '{"inputs":[{"name":"x","datatype":"INT64","shape":[1,1],"data":[9007199254740993]}]}';
    const tensorInBytes = { 'inference-header-content-length': String(Buffer.byteLength(MARK + tensor)) };
    for (const [path, text, headers] of [
      ['models/id/predict', '{"x":9007199254740993}', {}],
      ['models/id/predict', 'x\n9007199254740993', { 'content-type': 'text/csv' }],
      ['v1/models/id:predict', '{"instances":[9007199254740993]}', {}],
      ['invocations', '{"inputs":[9007199254740993]}', {}],
      ['v2/models/id/infer', tensor, {}],
      ['v2/models/id/infer', tensor, tensorInBytes],
      ['v2/repository/models/id/load', '{}', {}],
      ['v2/repository/index', '{}', {}],
    ] as const) {
      const { status, text: answer } = await post(`${url}/${path}`, MARK + text, { ...key, ...headers });
      expect({ path, status, answer }).toMatchObject({ path, status: 200 });
      if (!path.includes('repository')) expect(answer).toContain('9007199254740993');
    }
  });

  it('is skipped only at the start of a text', async () => {
    const { url } = await sharedServer(env);
    expect((await post(`${url}/models/id/predict`, `{"x":1}${MARK}`, key)).status).toBe(400);
    expect((await post(`${url}/models/id/predict`, `${MARK}${MARK}{"x":1}`, key)).status).toBe(400);
  });
});

/** A whole number as the clients' library has it. */
const smallest = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
