import { describe, expect, it } from '@jest/globals';
import type { Tensors, TensorSpec } from '#tensor';
import type { Warning } from '../findings.ts';
import type { PredictionOptions } from './output-options.ts';
import { modelWith, output } from '../testing/outputs.fixture.ts';
import { PredictionWriter } from './prediction-writer.ts';

/** The items that a model of these outputs answers, and the outputs that it fetches for them. */
function written(specs: TensorSpec[], tensors: Tensors, rows: number, options: PredictionOptions = {}) {
  const { rows: writer } = new PredictionWriter(modelWith(...specs), options);
  const warnings: Warning[] = [];
  const text = writer.json(tensors, { count: rows }, warnings);
  return { text, items: JSON.parse(text) as unknown, fetched: writer.outputs, warnings };
}

const total = output('total', 'FP32', [-1, 1]);
const pair = output('pair', 'FP32', [-1, 2]);
const next = output('next', 'INT64', [-1]);
const tensors: Tensors = {
  total: { datatype: 'FP32', shape: [2, 1], data: new Float32Array([1.5, NaN]) },
  pair: { datatype: 'FP32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) },
  next: { datatype: 'INT64', shape: [2], data: new BigInt64Array([1n, 9007199254740993n]) },
  whole: { datatype: 'FP32', shape: [], data: new Float32Array([13]) },
  label: { datatype: 'INT64', shape: [2], data: new BigInt64Array([1n, 0n]) },
  chances: { datatype: 'FP32', shape: [2, 2], data: new Float32Array([0.25, 0.75, 0.5, 0.5]) },
};

describe('RowWriter', () => {
  it('writes the value of a single output', () => {
    expect(written([pair], tensors, 2)).toMatchObject({
      items: [
        [1, 2],
        [3, 4],
      ],
      fetched: ['pair'],
    });
  });

  it("writes a classifier's labels and fetches nothing else", () => {
    const specs = [output('label', 'INT64', [-1]), output('chances', 'FP32', [-1, 2])];
    const answer = written(specs, tensors, 2, { labels: ['ham', 'spam'] });
    expect(answer).toMatchObject({ items: ['spam', 'ham'], fetched: ['label'] });
  });

  it('writes the most probable class where only probabilities come out', () => {
    const options = { outputs: { probabilities: 'chances' }, labels: ['ham', 'spam'] };
    expect(written([output('chances', 'FP32', [-1, 2])], tensors, 2, options).items).toEqual(['spam', 'ham']);
  });

  it('writes what a threshold predicts, whatever label the model has beside it', () => {
    const specs = [output('label', 'INT64', [-1]), output('chances', 'FP32', [-1, 2])];
    const probabilities = { from: 'chances', threshold: 0.8 };
    const answer = written(specs, tensors, 2, { labels: ['ham', 'spam'], outputs: { probabilities } });
    expect(answer).toMatchObject({ items: ['ham', 'ham'], fetched: ['chances'] });
  });

  it('writes an object of all outputs where none is the prediction, 64-bit integers exactly', () => {
    const { text, warnings, fetched } = written([total, pair, next], tensors, 2);
    expect(text).toBe('[{"total":1.5,"pair":[1,2],"next":1},{"total":null,"pair":[3,4],"next":9007199254740993}]');
    expect(fetched).toEqual(['total', 'pair', 'next']);
    expect(warnings).toEqual([{ row: 1, field: 'total', detail: expect.stringContaining('NaN') }]);
  });

  it('writes the output that the manifest names alone', () => {
    expect(written([total, pair], tensors, 2, { outputs: { prediction: 'pair' } })).toMatchObject({
      fetched: ['pair'],
    });
  });

  it('repeats an output that has no rows', () => {
    expect(written([pair, output('whole', 'FP32', [])], tensors, 2).items).toEqual([
      { pair: [1, 2], whole: 13 },
      { pair: [3, 4], whole: 13 },
    ]);
  });
});
