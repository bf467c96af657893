import { describe, expect, it } from '@jest/globals';
import { inputsWithoutShape, rankByOperators } from './missing-shapes.ts';
import { floats, modelOf, node, type Sketch } from './testing/graphs.fixture.ts';

const rankOf = (sketch: Partial<Sketch> & Pick<Sketch, 'nodes'>): number | undefined =>
  rankByOperators(modelOf({ inputs: { x: undefined }, ...sketch }), 'x');

describe('inputsWithoutShape', () => {
  it('names those alone, and no initializer', () => {
    const inputs = { x: undefined, scalar: [], table: ['n', 4], weights: undefined };
    expect(inputsWithoutShape(modelOf({ inputs, nodes: [], constants: [floats('weights', [4])] }))).toEqual(['x']);
  });
});

describe('the rank of an input', () => {
  it.each<[string, Partial<Sketch> & Pick<Sketch, 'nodes'>, number | undefined]>([
    ['LSTM takes 3 dimensions', { nodes: [node('LSTM', 'x w r')] }, 3],
    ['and lengths in one', { nodes: [node('LSTM', 'a w r _ x')] }, 1],
    ['Conv takes those of its weights', { nodes: [node('Conv', 'x w')], constants: [floats('w', [4, 3, 5])] }, 3],
    ['which may not be known', { nodes: [node('Conv', 'x w')] }, undefined],
    ['MaxPool those of its kernel, and two', { nodes: [node('MaxPool', 'x', 'y', { kernel_shape: [2, 2] })] }, 4],
    ['Transpose those that it puts in order', { nodes: [node('Transpose', 'x', 'y', { perm: [0, 2, 1] })] }, 3],
    ['Einsum those of its equation', { nodes: [node('Einsum', 'a x', 'y', { equation: 'ab, bcd -> acd' })] }, 3],
    ['unless it leaves some open', { nodes: [node('Einsum', 'x', 'y', { equation: '...a->...' })] }, undefined],
    ['trees take rows', { nodes: [node('TreeEnsembleRegressor', 'x', 'y', {}, 'ai.onnx.ml')] }, 2],
    ['through what keeps shapes', { nodes: [node('Cast', 'x', 'a'), node('Relu', 'a', 'b'), node('Gemm', 'b w')] }, 2],
    ['not through what does not', { nodes: [node('Flatten', 'x', 'a'), node('Gemm', 'a w')] }, undefined],
    ['from the first operator that tells', { nodes: [node('Add', 'x a', 'b'), node('Gemm', 'x w')] }, 2],
    ['from no operator of another set', { nodes: [node('Gemm', 'x w', 'y', {}, 'own')] }, undefined],
  ])('%s', (_, sketch, rank) => {
    expect(rankOf(sketch)).toBe(rank);
  });
});
