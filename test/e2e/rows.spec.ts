import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { modelOf, node, type Sketch } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { clientOf } from '../grpc.ts';
import { get, post, type Served, serve } from '../serve.ts';

const ones = (name: string, shape: readonly number[]) => ({
  ...{ name, elementType: 1, shape },
  numbers: new Array<number>(shape.reduce((count, size) => count * size)).fill(1),
});

/** Of each model, what a graph of one node or two makes of its inputs. */
const MODELS: Readonly<Record<string, Sketch>> = {
  // Time comes first: each step goes on from the one before.
  lstm: {
    inputs: { x: ['T', 'N', 4] },
    nodes: [node('LSTM', 'x w r', 'all y', { hidden_size: 3 }), node('Squeeze', 'all', 'steps')],
    constants: [ones('w', [1, 12, 4]), ones('r', [1, 12, 3])],
    outputs: ['steps'],
  },
  towers: {
    inputs: { q: ['Q', 4], d: ['D', 4] },
    nodes: [node('Transpose', 'd', 't', { perm: [1, 0] }), node('MatMul', 'q t')],
  },
  softmax: { inputs: { x: ['N', 1] }, nodes: [node('Softmax', 'x', 'y', { axis: 0 })] },
  rows: { inputs: { x: ['N', 2] }, nodes: [node('Relu', 'x')] },
  sum: { inputs: { a: ['?', 2], b: ['?', 2] }, nodes: [node('Add', 'a b')] },
  boxes: {
    inputs: { boxes: [1, 'boxes', 4], scores: [1, 1, 'boxes'] },
    nodes: [node('NonMaxSuppression', 'boxes scores most', 'chosen')],
    constants: [{ name: 'most', elementType: 7, shape: [1], numbers: [2] }],
    outputs: ['chosen'],
  },
  stateful: { inputs: { x: ['T', 2], state: [1, 1, 2] }, nodes: [node('Add', 'x state')] },
};

function folderOfModels(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-'));
  for (const [name, sketch] of Object.entries(MODELS)) {
    mkdirSync(join(folder, name, '1'), { recursive: true });
    writeFileSync(join(folder, name, '1/model.onnx'), modelBytes(modelOf(sketch)));
  }
  return folder;
}

const tensor = (name: string, shape: readonly number[], data: readonly number[]) => ({
  ...{ name, datatype: 'FP32', shape, data },
});

describe('the first dimension of a model', () => {
  let server: Served;
  const infer = (model: string, ...inputs: object[]) => post(`${server.url}/v2/models/${model}/infer`, { inputs });
  const rowsOf = async (model: string) => (await get(`${server.url}/models/${model}`)).json.served[0].rows;

  beforeEach(async () => {
    server = await serve({ MODELS: folderOfModels(), DEFAULT_MODEL: 'rows' });
  });

  it('is time to an LSTM: its steps run in one run, over REST and gRPC', async () => {
    const steps = [0.134, 0.379, 0.7].flatMap((step) => [step, step, step].map((value) => expect.closeTo(value, 2)));
    const x = new Array<number>(12).fill(0.1);
    const { json } = await infer('lstm', tensor('x', [3, 1, 4], x));
    expect(json.outputs).toEqual([expect.objectContaining({ name: 'steps', shape: [3, 3], data: steps })]);
    const answer = await clientOf(server).call('ModelInfer', {
      model_name: 'lstm',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [3, 1, 4], contents: { fp32_contents: x } }],
    });
    expect(answer).toMatchObject({ outputs: [{ shape: ['3', '3'], contents: { fp32_contents: steps } }] });
    expect(await rowsOf('lstm')).toMatchObject({ kind: 'none', by: 'graph', reason: expect.stringContaining('LSTM') });
    expect((await get(`${server.url}/v2/models/lstm/config`)).json.max_batch_size).toBe(0);
  });

  it('is separate for two inputs with different names for it', async () => {
    const { json } = await infer(
      'towers',
      tensor('q', [1, 4], [1, 2, 3, 4]),
      tensor('d', [2, 4], [1, 0, 0, 0, 0, 1, 0, 0]),
    );
    expect(json.outputs[0]).toMatchObject({ shape: [1, 2], data: [1, 2] });
    expect(await rowsOf('towers')).toMatchObject({ kind: 'none', by: 'signature' });
  });

  it('is time beside a state of one row', async () => {
    const { json } = await infer('stateful', tensor('x', [2, 2], [1, 2, 3, 4]), tensor('state', [1, 1, 2], [10, 20]));
    expect(json.outputs[0]).toMatchObject({ shape: [1, 2, 2], data: [11, 22, 13, 24] });
  });

  it('is rows that affect each other: tensors run as they were sent, rows each alone', async () => {
    expect(await rowsOf('softmax')).toMatchObject({ kind: 'one-by-one', by: 'graph' });
    const whole = [expect.closeTo(0.269, 2), expect.closeTo(0.731, 2)];
    expect((await infer('softmax', tensor('x', [2, 1], [0, 1]))).json.outputs[0].data).toEqual(whole);
    const predict = (body: object) => post(`${server.url}/v1/models/softmax:predict`, body);
    expect((await predict({ inputs: { x: [[0], [1]] } })).json.predictions).toEqual(whole);
    expect((await predict({ instances: [[0], [1]] })).json.predictions).toEqual([1, 1]);
    const { json } = await post(`${server.url}/models/softmax/predict`, [{ x: 0 }, { x: 1 }]);
    expect(json.prediction).toEqual([1, 1]);
  });

  it('need not be the same for all inputs: a tensor of one row is broadcast, and an empty one answered, as in the runtime', async () => {
    expect(await rowsOf('sum')).toMatchObject({ kind: 'independent' });
    const one = tensor('a', [1, 2], [10, 20]);
    const broadcast = await infer('sum', one, tensor('b', [3, 2], [1, 2, 3, 4, 5, 6]));
    expect(broadcast.json.outputs[0]).toMatchObject({ shape: [3, 2], data: [11, 22, 13, 24, 15, 26] });
    const none = await infer('sum', tensor('a', [0, 2], []), tensor('b', [0, 2], []));
    expect(none.json.outputs[0]).toMatchObject({ shape: [0, 2], data: [] });
    const unfit = await infer('sum', tensor('a', [2, 2], [1, 2, 3, 4]), tensor('b', [3, 2], [1, 2, 3, 4, 5, 6]));
    expect([unfit.status, unfit.json.error]).toEqual([422, expect.stringMatching(/its inputs "a", "b".*Add/)]);
  });

  it('is that of the inputs, not of the outputs, if the model takes one row', async () => {
    const two = [0, 0, 1, 1, 2, 2, 3, 3];
    const { json } = await infer('boxes', tensor('boxes', [1, 2, 4], two), tensor('scores', [1, 1, 2], [0.9, 0.8]));
    expect(json.outputs[0]).toMatchObject({ shape: [2, 3], data: [0, 0, 0, 0, 0, 1] });
  });

  it('is independent rows, so that requests share runs', async () => {
    expect(await rowsOf('rows')).toEqual({
      ...{ kind: 'independent', by: 'graph', oneAtATime: false },
      reason: 'The graph keeps rows apart at every node.',
    });
    expect((await get(`${server.url}/v2/models/rows/config`)).json.max_batch_size).toBe(10_000);
    const { text } = await get(`${server.url}/metrics`);
    expect(text).toMatch(/nestor_model_info\{model="rows",[^}]*rows="independent",rows_by="graph"/);
  });
});

it('a model that takes only as many rows as its exporter saw is served one row at a time', async () => {
  const { url } = await serve({ MODELS: 'test/models/constant-shape' });
  const rows = [1, 5].map((first) => [first, first + 1, first + 2, first + 3]);
  const { status, json } = await post(
    `${url}/predict`,
    rows.map((x) => ({ x })),
  );
  expect([status, json.prediction]).toEqual([
    200,
    rows.map(([a, b, c, d]) => [
      [a, b],
      [c, d],
    ]),
  ]);
  const [served] = (await get(`${url}/models/constant-shape`)).json.served;
  expect([served.rows.kind, served.batching.maxBatchRows]).toEqual(['one-by-one', 1]);
});
