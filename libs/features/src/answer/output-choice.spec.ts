import { describe, expect, it } from '@jest/globals';
import type { Signature, Tensor, Tensors } from '#tensor';
import { FeatureError } from '../feature.ts';
import type { Warning } from '../findings.ts';
import type { PredictionOptions, ShownOutput } from './output-options.ts';
import { floats, modelWith, output } from '../testing/outputs.fixture.ts';
import { PredictionWriter } from './prediction-writer.ts';

const integers = (...values: bigint[]): Tensor => ({
  datatype: 'INT64',
  shape: [values.length],
  data: new BigInt64Array(values),
});
const shows = (name: string, said: ShownOutput) => new Map([[name, said]]);

/** What is answered, as values and as JSON. */
function answer(signature: Signature, options: PredictionOptions, tensors: Tensors, rows: number) {
  const writer = new PredictionWriter(signature, options);
  const { warnings, ...members } = writer.values(tensors, { count: rows });
  const heard: Warning[] = [];
  expect(JSON.parse(`{${writer.json(tensors, { count: rows }, heard)}}`)).toEqual(members);
  expect(heard).toEqual(warnings);
  return members;
}

const label = output('label', 'INT64', [-1]);
const distances = output('scores', 'FP32', [-1, 3]);
const clusters = { label: integers(1n, 0n), scores: floats([2, 3], 4, 0.5, 2, 0.25, 3, 5) };
const logits = output('logits', 'FP32', [-1, 3]);
const logit = output('logit', 'FP32', [-1, 1]);
const labels = ['cat', 'dog', 'hen'];

describe('what nothing shows to be probabilities', () => {
  it('is answered as scores, whatever the exporter called it', () => {
    const signature = modelWith(label, { ...distances, name: 'probabilities' });
    const tensors = { label: clusters.label, probabilities: clusters.scores };
    expect(answer(signature, {}, tensors, 2)).toEqual({
      prediction: [1, 0],
      scores: [
        { 0: 4, 1: 0.5, 2: 2 },
        { 0: 0.25, 1: 3, 2: 5 },
      ],
    });
    expect(new PredictionWriter(signature).columns).toEqual(['prediction', 'score']);
    expect(new PredictionWriter(signature).cells(tensors, { count: 2 })).toMatchObject({
      prediction: [1, 0],
      score: [0.5, 0.25],
    });
  });

  it('is a number a row where it has one column', () => {
    const signature = modelWith(label, output('decision', 'FP32', [-1, 1]));
    const tensors = { label: integers(1n, -1n), decision: floats([2, 1], 0.5, -0.25) };
    expect(answer(signature, {}, tensors, 2)).toEqual({ prediction: [1, -1], scores: [0.5, -0.25] });
    expect(new PredictionWriter(signature).columns).toEqual(['prediction', 'score']);
    expect(new PredictionWriter(signature).cells(tensors, { count: 2 })).toMatchObject({ score: [0.5, -0.25] });
  });

  it('still tells the class where labels are all that is said', () => {
    expect(answer(modelWith(logits), { labels }, { logits: floats([1, 3], 2, 4, 1) }, 1)).toEqual({
      prediction: ['dog'],
      scores: [{ cat: 2, dog: 4, hen: 1 }],
    });
  });

  it.each([
    [shows('scores', { probabilities: 'classes' }), true],
    [shows('scores', { labels: [0, 1, 2] }), true],
    [undefined, false],
  ])('is no classification by itself', (shown, classifies) => {
    expect(new PredictionWriter(modelWith(label, distances), shown && { shown }).classifies).toBe(classifies);
  });
});

describe('labels that the model holds', () => {
  const shown = shows('p', { labels: ['no', 'yes'], probabilities: 'classes' });
  const signature = modelWith(output('label', 'BYTES', [-1]), output('p', 'FP32', [-1, 2]));
  const tensors: Tensors = { label: { datatype: 'BYTES', shape: [1], data: ['yes'] }, p: floats([1, 2], 0.25, 0.75) };

  it('are the keys of its probabilities', () => {
    expect(answer(signature, { shown }, tensors, 1)).toEqual({
      prediction: ['yes'],
      probabilities: [{ no: 0.25, yes: 0.75 }],
    });
    expect(new PredictionWriter(signature, { shown }).labels).toEqual(['no', 'yes']);
  });

  it('tell the class where the first output has its probabilities, and nothing of a list of labels', () => {
    const lone = modelWith(output('p', 'FP32', [-1, 2]), output('label', 'FP32', [-1, 3]));
    expect(new PredictionWriter(lone, { shown }).keys).toEqual(['prediction', 'probabilities']);
    const several = modelWith(output('label', 'BYTES', [-1, 2]), output('p', 'FP32', [-1, 2]));
    expect(new PredictionWriter(several, { shown }).keys).toEqual(['prediction', 'p']);
  });

  it('give way to those of the manifest', () => {
    expect(answer(signature, { shown, labels: ['nein', 'ja'] }, tensors, 1)).toMatchObject({
      probabilities: [{ nein: 0.25, ja: 0.75 }],
    });
  });
});

describe("the manifest's outputs", () => {
  it('may make probabilities of logits, in any datatype, however large these are', () => {
    const outputs = { probabilities: { from: 'logits', activation: 'softmax' } } as const;
    const tensors = { logits: floats([2, 3], 0, 0, Math.log(2), 1000, 0, -1000) };
    expect(answer(modelWith(logits), { outputs, labels }, tensors, 2)).toEqual({
      prediction: ['hen', 'cat'],
      probabilities: [
        { cat: 0.25, dog: 0.25, hen: 0.5 },
        { cat: 1, dog: 0, hen: 0 },
      ],
    });
    const half: Tensor = { datatype: 'FP16', shape: [1, 3], data: new Uint16Array(3) };
    const { probabilities } = answer(modelWith({ ...logits, datatype: 'FP16' }), { outputs }, { logits: half }, 1);
    expect(Object.values((probabilities as object[])[0]!)).toEqual([0.33333334, 0.33333334, 0.33333334]);
  });

  it('may give each label a probability of its own, and predict all from a threshold on', () => {
    const outputs = { probabilities: { from: 'logits', activation: 'sigmoid', threshold: 0.5 } } as const;
    const tensors = { logits: floats([2, 3], 0, -1000, Math.log(3), -1, -1, -1000) };
    const members = answer(modelWith(logits), { outputs, labels }, tensors, 2);
    expect(members).toMatchObject({ prediction: [['cat', 'hen'], []] });
    expect((members['probabilities'] as object[])[0]).toEqual({ cat: 0.5, dog: 0, hen: 0.75 });
  });

  it('may complete a lone logit of two labels, and move its threshold', () => {
    const probabilities = { from: 'logit', activation: 'sigmoid', threshold: 0.9 } as const;
    const options = { outputs: { probabilities }, labels: ['no', 'yes'] };
    expect(answer(modelWith(logit), options, { logit: floats([3, 1], Math.log(3), 1000, NaN) }, 3)).toEqual({
      prediction: ['no', 'yes', null],
      probabilities: [
        { no: 0.25, yes: 0.75 },
        { no: 0, yes: 1 },
        { no: null, yes: null },
      ],
    });
  });

  it('may move the threshold of a classifier that has a label of its own', () => {
    const signature = modelWith(label, output('p', 'FP32', [-1, 2]));
    const outputs = { probabilities: { from: 'p', threshold: 0.2 } };
    const tensors = { label: integers(0n, 0n), p: floats([2, 2], 0.75, 0.25, 0.9, 0.1) };
    expect(answer(signature, { outputs, labels: ['ok', 'fraud'] }, tensors, 2)).toMatchObject({
      prediction: ['fraud', 'ok'],
    });
  });

  it('may name further outputs, which are answered beside the prediction', () => {
    const signature = modelWith(
      output('mean', 'FP64', [-1, 1]),
      output('std', 'FP32', [-1]),
      output('e', 'FP32', [-1, 2]),
    );
    const tensors: Tensors = {
      mean: { datatype: 'FP64', shape: [2, 1], data: new Float64Array([1, 2]) },
      std: floats([2], 0.5, 0.25),
      e: floats([2, 2], 1, 2, 3, 4),
    };
    const outputs = { std: { from: 'std', unit: 'kg' }, vector: { from: 'e', as: 'state' } } as const;
    const options = { outputs };
    expect(answer(signature, options, tensors, 2)).toEqual({
      prediction: [1, 2],
      std: [0.5, 0.25],
      vector: [
        [1, 2],
        [3, 4],
      ],
    });
    const writer = new PredictionWriter(signature, options);
    expect(writer.columns).toEqual(['prediction', 'std']);
    expect(writer.cells(tensors, { count: 2 })).toEqual({ prediction: [1, 2], std: [0.5, 0.25], warnings: [] });
    expect(writer.rows.json(tensors, { count: 2 })).toBe(
      '[{"prediction":1,"std":0.5,"vector":[1,2]},{"prediction":2,"std":0.25,"vector":[3,4]}]',
    );
    expect(writer.outputs).toEqual(['mean', 'std', 'e']);
  });

  it('leave out what they do not name; without any, what has one value a row is answered by its name', () => {
    const signature = modelWith(
      output('mean', 'FP32', [-1, 1]),
      output('std', 'FP32', [-1]),
      output('e', 'FP32', [-1, 2]),
    );
    expect(new PredictionWriter(signature).keys).toEqual(['prediction', 'std']);
    expect(new PredictionWriter(signature, { outputs: { prediction: 'mean' } }).keys).toEqual(['prediction']);
  });

  it.each<[string, Signature, PredictionOptions, RegExp]>([
    ['labels that fit no output', modelWith(output('price', 'FP32', [-1, 1])), { labels }, /3 labels fit no output/],
    ['labels of another number', modelWith(label, distances), { labels: ['a', 'b'] }, /2 labels for the 3 classes/],
    [
      'softmax of one column',
      modelWith(logit),
      { outputs: { probabilities: { from: 'logit', activation: 'softmax' } }, labels: ['a', 'b'] },
      /softmax of one column.*"sigmoid"/,
    ],
    [
      'a threshold among three classes of which one is true',
      modelWith(logits),
      { outputs: { probabilities: { from: 'logits', activation: 'softmax', threshold: 0.5 } } },
      /threshold" needs two classes/,
    ],
    [
      'a threshold and an output for the prediction',
      modelWith(label, output('p', 'FP32', [-1, 2])),
      { outputs: { prediction: 'label', probabilities: { from: 'p', threshold: 0.2 } } },
      /remove one of them/,
    ],
    [
      'an activation of what is no probability',
      modelWith(logits),
      { outputs: { vector: { from: 'logits', as: 'embedding', activation: 'softmax' } } },
      /"outputs.vector" does not hold probabilities/,
    ],
    [
      'no output for the prediction',
      modelWith(logit),
      { outputs: { value: 'logit' } },
      /name the output as "prediction"/,
    ],
  ])('are refused for %s', (_, signature, options, message) => {
    expect(() => new PredictionWriter(signature, options)).toThrow(FeatureError);
    expect(() => new PredictionWriter(signature, options)).toThrow(message);
  });
});
