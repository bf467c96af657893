import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { modelOf, node, type Sketch } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { clientOf } from '../grpc.ts';
import { get, post, serve, type Served } from '../serve.ts';

/** Every object inherits something called so, but for the last two of each. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'a b', 'größe/"x": 日本'];
const OUTPUTS = ['__proto__', 'isPrototypeOf', 'toLocaleString', '__defineGetter__', 'c d', 'höhe/"y": 日本'];

/** Doubles each of its inputs, and calls that as `outputs` says. */
const doubles = (inputs: readonly string[], outputs: readonly string[]): Buffer => {
  const sketch: Sketch = {
    inputs: Object.fromEntries(inputs.map((name) => [name, ['rows', 2]])),
    nodes: inputs.map((name, at) => {
      const { attributes, ...made } = node('Add', '', '');
      return { ...made, attributes, inputs: [name, name], outputs: [outputs[at]!] };
    }),
    outputs,
  };
  return modelBytes(modelOf(sketch));
};

const MODELS = {
  1: doubles(NAMES, OUTPUTS),
  __proto__x: doubles(['x'], ['__proto__']),
  constructor: doubles(['x'], ['constructor']),
};

function repository(models: Readonly<Record<string, Buffer>>): string {
  const path = mkdtempSync(join(tmpdir(), 'nestor-'));
  for (const [name, bytes] of Object.entries(models)) {
    const file = join(path, name, '1', 'model.onnx');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return path;
}

const rows = [
  [1, 2],
  [3, 4],
];
const doubled = [2, 4, 6, 8];
const tensors = NAMES.map((name) => ({ name, datatype: 'FP32', shape: [2, 2], data: rows.flat() }));
const records = rows.map((row) => Object.fromEntries(NAMES.map((name) => [name, row])));

describe.each(['inline', 'pool'])('names are data (%s)', (EXECUTION) => {
  const served = (): Promise<Served> => serve({ MODELS: repository(MODELS), EXECUTION, WORKERS: '1' });

  it('of inputs and outputs, in every protocol', async () => {
    const server = await served();
    const { url } = server;
    const v2 = await post(`${url}/v2/models/1/infer`, { inputs: tensors });
    expect(v2.json.outputs.map(({ name, data }: { name: string; data: number[] }) => [name, data])).toEqual(
      OUTPUTS.map((name) => [name, doubled]),
    );
    const asked = await post(`${url}/v2/models/1/infer`, { inputs: tensors, outputs: [{ name: '__proto__' }] });
    expect(asked.json.outputs).toMatchObject([{ name: '__proto__', data: doubled }]);
    const grpc = await clientOf(server).call('ModelInfer', {
      model_name: '1',
      inputs: tensors.map(({ data, ...tensor }) => ({ ...tensor, contents: { fp32_contents: data } })),
    });
    expect(grpc.outputs.map(({ name }: { name: string }) => name)).toEqual(OUTPUTS);
    for (const [path, body] of [
      ['/models/1/predict', records],
      ['/v1/models/1:predict', { instances: records }],
    ] as const) {
      const { status, text } = await post(`${url}${path}`, body);
      expect([path, status]).toEqual([path, 200]);
      expect(text).toContain('[2,4]');
    }
  });

  it('of models, wherever they are described', async () => {
    const { url } = await served();
    for (const name of Object.keys(MODELS)) {
      expect((await get(`${url}/models/${name}`)).json).toMatchObject({ name, served: [{ version: '1' }] });
      expect((await get(`${url}/v2/models/${name}`)).json.name).toBe(name);
    }
    const own = await post(`${url}/models/constructor/predict`, { x: [1, 2] });
    expect(own.json.prediction).toEqual([[2, 4]]);
    const hidden = await post(`${url}/models/__proto__x/predict`, { x: [1, 2] });
    expect(hidden.json.prediction).toEqual([[2, 4]]);
    const { paths, components } = (await get(`${url}/openapi.json`)).json;
    expect(paths).toHaveProperty(['/models/1/predict']);
    expect(Object.keys(components.schemas['1'].properties)).toEqual(NAMES);
    expect((await get(`${url}/metrics`)).text).toContain('model="constructor"');
  });
});

it('a name that cannot be served is rejected at load, with the reason', async () => {
  const models = repository({
    good: doubles(['x'], ['y']),
    'a b': doubles(['x'], ['y']),
    'größe:1': doubles(['x'], ['y']),
  });
  writeFileSync(join(models, 'proto.onnx'), doubles(['__proto__'], ['y']));
  const { url } = await serve({ MODELS: models });
  const { models: listed } = (await get(`${url}/models`)).json;
  const reasons = Object.fromEntries(
    listed.map(({ name, reason, versions }: { name: string; reason?: string; versions: { reason?: string }[] }) => [
      name,
      reason ?? versions[0]?.reason,
    ]),
  );
  expect(reasons).toMatchObject({
    'a b': expect.stringContaining('"a b" cannot be a model\'s name'),
    'größe:1': expect.stringContaining("cannot be a model's name"),
    proto: expect.stringContaining('An input cannot be named "__proto__"'),
  });
  expect(reasons['good']).toBeUndefined();
});
