import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Golden, golden } from '../models/test-models.ts';
import { post, sharedServer } from '../serve.ts';

const MODELS = ['keras', 'pytorch-binary', 'pytorch-export', 'pytorch-trace'];
const TOLERANCE = 1e-5;

/** Numbers by label, each within the tolerance. */
function expectClose(answered: Record<string, number>[], expected: Golden['probabilities']): void {
  expect(answered.map((row) => Object.keys(row))).toEqual(expected!.map((row) => Object.keys(row)));
  const apart = answered.flatMap((row, at) =>
    Object.entries(row).filter(([label, value]) => !(Math.abs(value - expected![at]![label]!) <= TOLERANCE)),
  );
  expect(apart).toEqual([]);
}

describe.each(MODELS)('%s predicts like its framework', (name) => {
  let url: string;
  let expected: Golden;

  beforeAll(async () => {
    ({ url } = await sharedServer({ MODELS: 'test/models' }));
    expected = await golden(name);
  });

  it('on /predict, in JSON', async () => {
    const { json } = await post(`${url}/models/${name}/predict`, expected.records);
    expect(json.prediction).toEqual(expected.prediction);
    expectClose(json.probabilities, expected.probabilities);
  });

  it('on /predict, in CSV', async () => {
    const records = expected.records!;
    const lines = [Object.keys(records[0]!), ...records.map((record) => Object.values(record))];
    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const { text } = await post(
      `${url}/models/${name}/predict`,
      lines.map((cells) => cells.join(',')).join('\n'),
      headers,
    );
    const rows = text
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(rows[0]!.slice(-3)).toEqual(['prediction', 'probability', 'error']);
    expect(rows.slice(1).map((row) => row.at(-3))).toEqual(expected.prediction);
    for (const [at, row] of rows.slice(1).entries())
      expect(Math.abs(Number(row.at(-2)) - expected.probabilities![at]![row.at(-3)!]!)).toBeLessThanOrEqual(TOLERANCE);
  });

  it("in KServe's V1", async () => {
    const v1 = await post(`${url}/v1/models/${name}:predict`, { instances: expected.records });
    expect(v1.json.predictions).toEqual(expected.prediction);
  });

  it('as tensors of V2, before any activation', async () => {
    const [input] = Object.entries(expected.inputs);
    const [output] = Object.entries(expected.outputs);
    const { shape, data } = input![1];
    const request = { inputs: [{ name: input![0], datatype: 'FP32', shape, data: [...(data as Float32Array)] }] };
    const { json } = await post(`${url}/v2/models/${name}/infer`, request);
    expect(json.outputs[0].shape).toEqual(output![1].shape);
    const wanted = output![1].data as Float32Array;
    const apart = (json.outputs[0].data as number[]).filter((value, at) => Math.abs(value - wanted[at]!) > TOLERANCE);
    expect(apart).toEqual([]);
  });
});
