import { describe, expect, test } from '@jest/globals';
import { readOnnxFile } from '#onnx';
import { testModel, testModelNames } from '../../../../test/models/test-models.ts';
import { floats, integers, modelOf, node, readingOf } from '../testing/graphs.fixture.ts';
import { readRows, rowCandidates } from './read-rows.ts';

const ROWS = { x: ['N', 4] } as const;

describe('a reading', () => {
  test('is independent where each row goes its own way', () => {
    expect(readingOf({ inputs: ROWS, nodes: [node('Relu', 'x')] })).toBe('independent');
  });

  test('names the node that mixes rows, by its name or by what it makes', () => {
    const mean = node('ReduceMean', 'x', 'mean', { axes: [0] });
    const nodes = [mean, node('Sub', 'x mean')];
    expect(readingOf({ inputs: ROWS, nodes })).toBe('mixes: ReduceMean (of "mean") runs along dimension 0.');
    const named = [{ ...mean, name: '/scale/ReduceMean_3' }, nodes[1]!];
    expect(readingOf({ inputs: ROWS, nodes: named })).toBe('mixes: /scale/ReduceMean_3 runs along dimension 0.');
    const otherwise = [{ ...mean, name: 'scale' }, nodes[1]!];
    expect(readingOf({ inputs: ROWS, nodes: otherwise })).toBe('mixes: ReduceMean "scale" runs along dimension 0.');
  });

  test('says of an operator without a rule that it is not known', () => {
    const nodes = [node('Frobnicate', 'x', 'y', {}, 'com.example')];
    expect(readingOf({ inputs: ROWS, nodes })).toMatch(/^unknown: Frobnicate .*not known \(com.example Frobnicate\)/);
    expect(readingOf({ inputs: ROWS, nodes: [node('toString', 'x')] })).toMatch(/^unknown: toString .*not known/);
  });

  test('does not believe rules of operator sets that it does not know', () => {
    for (const opset of [6, 27])
      expect(readingOf({ inputs: ROWS, nodes: [node('Relu', 'x')], opset })).toMatch(/^unknown: .*is of opset/);
  });

  test('tells mixing where one output mixes and another is not known', () => {
    const nodes = [node('Frobnicate', 'x', 'z', {}, 'com.example'), node('CumSum', 'x zero')];
    const sketch = { inputs: ROWS, nodes, constants: [integers('zero', 0)], outputs: ['z', 'y'] };
    expect(readingOf(sketch)).toBe('mixes: CumSum (of "y") runs along dimension 0.');
  });

  test('asks of what no output is made of that it runs with any number of rows', () => {
    const nodes = [node('Add', 'x w', 'unused'), node('Relu', 'x')];
    expect(readingOf({ inputs: ROWS, nodes, constants: [floats('w', [3, 4])] })).toBe(
      'unknown: Add (of "unused") gives each row a constant of its own along dimension 0. It runs too, though no output is made of it.',
    );
    expect(readingOf({ inputs: ROWS, nodes, constants: [floats('w', [4])] })).toBe('independent');
  });

  test('wants rows along the first dimension of every output', () => {
    expect(readingOf({ inputs: ROWS, nodes: [node('Transpose', 'x')] })).toBe(
      'unknown: The output "y" has the rows along dimension 1.',
    );
    expect(readingOf({ inputs: ROWS, nodes: [], constants: [floats('y', [3])] })).toBe(
      'unknown: The output "y" has no dimension for rows.',
    );
    const counted = [node('Shape', 'x')];
    expect(readingOf({ inputs: ROWS, nodes: counted })).toBe('unknown: The output "y" has no dimension for rows.');
  });

  test('passes over outputs that are no tensors', () => {
    const model = modelOf({ inputs: ROWS, nodes: [node('Relu', 'x'), node('ZipMap', 'x', 'z', {}, 'ai.onnx.ml')] });
    const outputs = [...model.graph.outputs, { name: 'z', kind: 'sequence' as const }];
    const file = { ...model, graph: { ...model.graph, outputs } };
    expect(readRows(file, new Map([['x', true]]))).toEqual({ kind: 'independent' });
  });
});

describe('inputs', () => {
  test('without rows are shared by the rows of a run', () => {
    const inputs = { ...ROWS, factor: [] };
    expect(readingOf({ inputs, nodes: [node('Mul', 'x factor')] })).toBe(
      'within-request: The rows of a run share the input "factor", which has no rows.',
    );
    expect(readingOf({ inputs, nodes: [node('Relu', 'x')] })).toBe('independent');
  });

  test('whose rank the file does not tell are not read', () => {
    expect(readingOf({ inputs: { x: undefined }, nodes: [node('Relu', 'x')] })).toBe(
      'unknown: The file does not tell the shape of the input "x".',
    );
  });

  test('that have a value of their own are constants, unless requests fill them', () => {
    const sketch = { inputs: { ...ROWS, w: [1, 4] }, nodes: [node('Add', 'x w')], constants: [floats('w', [1, 4])] };
    const file = modelOf(sketch);
    expect(readRows(file, new Map([['x', true]]))).toEqual({ kind: 'independent' });
    const filled = new Map([
      ['x', true],
      ['w', false],
    ]);
    expect(readRows(file, filled)).toMatchObject({ kind: 'within-request', inputs: ['w'] });
  });

  test('that have rows are read together', () => {
    const inputs = { a: ['N', 2], b: ['M', 2] } as const;
    expect(readingOf({ inputs, nodes: [node('Add', 'a b')] })).toBe('independent');
    expect(readingOf({ inputs, nodes: [node('Transpose', 'b', 'c'), node('MatMul', 'a c')] })).toMatch(
      /^mixes: MatMul/,
    );
  });
});

describe('graphs within nodes', () => {
  const branch = modelOf({ inputs: {}, nodes: [node('Relu', 'x', 'z')], outputs: ['z'] }).graph;

  test('are inputs by what they use, and not followed', () => {
    const nodes = [node('If', 'flag', 'y', { then_branch: branch, else_branch: branch })];
    const constants = [integers('flag', 1)];
    expect(readingOf({ inputs: ROWS, nodes, constants })).toMatch(/^unknown: If .*not known/);
    const stopped = [node('ReduceSum', 'a _', 'x'), ...nodes];
    expect(readingOf({ inputs: { a: ['N', 4] }, nodes: stopped, constants })).toMatch(/^mixes: ReduceSum/);
  });

  test('make no constants, as they may hold anything', () => {
    const random = modelOf({ inputs: {}, nodes: [node('RandomNormal', '', 'z')], outputs: ['z'] }).graph;
    const nodes = [node('If', 'flag', 'r', { then_branch: random, else_branch: random }), node('Add', 'x r')];
    expect(readingOf({ inputs: ROWS, nodes, constants: [integers('flag', 1)] })).toMatch(/^unknown: If/);
  });
});

describe('functions of the file', () => {
  const centred = {
    ...{ name: 'Centred', domain: 'mine', inputs: ['a'], outputs: ['b'], opsets: { 'ai.onnx': 17 } },
    nodes: [node('ReduceMean', 'a', 'm', { axes: { reference: 'over' } }), node('Sub', 'a m', 'b')],
  };
  const calling = (axes: readonly number[]) => ({
    inputs: ROWS,
    nodes: [node('Centred', 'x', 'y', { over: axes }, 'mine')],
    functions: [centred],
  });

  test('are followed, with the attributes of the node that calls them', () => {
    expect(readingOf(calling([1]))).toBe('independent');
    expect(readingOf(calling([0]))).toBe('mixes: ReduceMean (of "m") runs along dimension 0.');
  });

  test('that are defined more than once are not known', () => {
    const several = /^unknown: .* has several definitions/;
    expect(readingOf({ ...calling([1]), functions: [centred, centred] })).toMatch(several);
    const relu = { ...centred, name: 'Relu', domain: 'ai.onnx' };
    expect(readingOf({ inputs: ROWS, nodes: [node('Relu', 'x')], functions: [relu] })).toMatch(several);
  });

  test('that call themselves without end are not known', () => {
    const endless = { ...centred, nodes: [node('Centred', 'a', 'b', {}, 'mine')] };
    expect(readingOf({ ...calling([1]), functions: [endless] })).toMatch(/^unknown: .*functions within functions/);
  });
});

describe('random operators', () => {
  test('are not known, of constants too', () => {
    for (const operator of ['RandomNormal', 'RandomUniform'])
      expect(readingOf({ inputs: ROWS, nodes: [node(operator, '', 'r'), node('Add', 'x r')] })).toMatch(
        /^unknown: .* is random/,
      );
    const nodes = [node('Dropout', 'x _ training')];
    const training = { name: 'training', elementType: 9, shape: [], numbers: [1] };
    expect(readingOf({ inputs: ROWS, nodes, constants: [training] })).toMatch(/^unknown: .* is random/);
    expect(readingOf({ inputs: ROWS, nodes, constants: [{ ...training, numbers: [0] }] })).toBe('independent');
  });
});

/** What is not independent among the test models. */
const OTHERS: Readonly<Record<string, RegExp>> = {
  dft: /^DFT/,
  'fixed-batch': /^The output "y" has no dimension for rows/,
  'fixed-one': /^The output "y" has no dimension for rows/,
  gru: /^GRU \(of "y"\) runs along dimension 0, which is time/,
  lstm: /^LSTM \(of "y"\) runs along dimension 0, which is time/,
  'constant-shape': /^Reshape \(of "y"\) folds dimension 0 into others, or fixes its size/,
  'row-mixing': /^ReduceMean \(of "mean"\) runs along dimension 0/,
  'sklearn-text': /^Tokenizer is an operator whose way with rows is not known/,
  scalars: /^ReduceSum \(of "sum"\) runs along dimension 0/,
  slow: /^ReduceMax \(of "longest"\) runs along dimension 0/,
};

const testModels = await testModelNames();

describe('real models', () => {
  const models = testModels.map((name) => [name, testModel(name)] as const);
  const shipped = ['housing', 'digits', 'wine'].map((name) => [name, `models/${name}/1/model.onnx`] as const);

  test.each([...models, ...shipped])('%s', (name, path) => {
    const file = readOnnxFile(path);
    const reading = readRows(file, rowCandidates(file));
    const why = OTHERS[name];
    expect(reading).toEqual(
      why === undefined ? { kind: 'independent' } : expect.objectContaining({ why: expect.stringMatching(why) }),
    );
  });
});
