import { describe, expect, it, test } from '@jest/globals';
import type { ModelFile } from '#onnx';
import type { Signature, Tensors } from '#tensor';
import { isUndecided, shownOutputs } from './shown-outputs.ts';

const outputs = [{ name: 'y', datatype: 'FP32', shape: [-1, 3] }] as const;
const signature: Signature = { inputs: [], outputs };
const graph = { name: '', nodes: [], inputs: [], outputs: [], values: [], initializers: [] };
const file: ModelFile = { opsets: {}, metadata: {}, functions: [], graph };

const row = (...values: number[]): Tensors => ({
  y: { datatype: 'FP32', shape: [1, values.length], data: new Float32Array(values) },
});

test.each<[string, Tensors[], boolean]>([
  ['shares of 1', [row(0.2, 0.3, 0.5), row(1, 0, 0), row(0.1, 0.1, 0.8)], true],
  ['too few rows to tell', [row(0.2, 0.3, 0.5), row(1, 0, 0)], false],
  ['distances', [row(0.2, 0.3, 0.5), row(4, 2, 1), row(0.1, 0.1, 0.8)], false],
  ['what sums to 1 by negative values', [row(-0.5, 0.5, 1), row(1, 0, 0), row(0, 0, 1)], false],
  ['NaN', [row(NaN, 0, 1), row(1, 0, 0), row(0, 0, 1)], false],
  ['probabilities each of its own', [row(0.9, 0.9, 0.1), row(0.1, 0, 0), row(0, 0, 1)], false],
  ['one column', [row(1), row(1), row(1)], false],
  ['the same row each time', [row(0.2, 0.3, 0.5), row(0.2, 0.3, 0.5), row(0.2, 0.3, 0.5)], false],
])('%s', (_, answers, areProbabilities) => {
  const { probabilities } = shownOutputs(file, signature, answers).get('y') ?? {};
  expect(probabilities).toBe(areProbabilities ? 'classes' : undefined);
});

test.each([
  ['as many columns', [-1, 3], { labels: ['a', 'b', 'c'], probabilities: 'classes' }],
  ['as many columns as were answered', [-1, -1], { labels: ['a', 'b', 'c'], probabilities: 'classes' }],
  ['other columns', [-1, 4], { probabilities: 'classes' }],
])("the file's names of classes are those of an output with %s", (_, shape, expected) => {
  const named = { ...file, metadata: { names: "{0: 'a', 1: 'b', 2: 'c'}" } };
  const answers = [row(0.2, 0.3, 0.5), row(1, 0, 0), row(0.1, 0.1, 0.8)];
  const outputs = [{ name: 'y', datatype: 'FP32', shape }] as const;
  expect(shownOutputs(named, { inputs: [], outputs }, answers).get('y')).toEqual(expected);
});

describe('whether more answers can change what is shown', () => {
  it('they can while all look like probabilities, however many there are', () => {
    expect(isUndecided(file, signature, [])).toBe(true);
    expect(isUndecided(file, signature, Array(20).fill(row(0.2, 0.3, 0.5)))).toBe(true);
    expect(isUndecided(file, signature, [row(0.2, 0.3, 0.5), row(4, 2, 1)])).toBe(false);
  });

  it('they cannot where there is no table', () => {
    const outputs = [{ name: 'y', datatype: 'FP32', shape: [-1] }] as const;
    expect(isUndecided(file, { inputs: [], outputs }, [])).toBe(false);
  });
});
