import { expect, it } from '@jest/globals';
import { linearOutputs } from './linear-outputs.ts';
import { modelOf, node } from './testing/graphs.fixture.ts';

it.each([
  ['Gemm', [node('Gemm', 'x w b')]],
  ['MatMul with a bias', [node('MatMul', 'x w', 'm'), node('Add', 'b m')]],
  ['Gemm behind an activation', [node('Gemm', 'x w', 'h'), node('Relu', 'h', 'r'), node('Gemm', 'r w')]],
  [
    'a product of whole numbers, brought back to scale',
    [
      node('DynamicQuantizeLinear', 'x', 'q s z'),
      node('MatMulInteger', 'q w z', 'm'),
      node('Cast', 'm', 'f'),
      node('Mul', 's t', 'scale'),
      node('Mul', 'f scale', 'v'),
      node('Add', 'v b'),
    ],
  ],
])('%s is a linear output', (_, nodes) => {
  expect(linearOutputs(modelOf({ inputs: { x: ['N', 4] }, nodes }))).toEqual(['y']);
});

it.each([
  ['Softmax', [node('Gemm', 'x w', 'l'), node('Softmax', 'l')]],
  ['SiLU', [node('Gemm', 'x w', 'h'), node('Sigmoid', 'h', 'g'), node('Mul', 'h g')]],
  ['the root of distances', [node('Gemm', 'x w', 'd'), node('Sqrt', 'd')]],
  ['a classifier of scikit-learn', [node('LinearClassifier', 'x', 'label y', {}, 'ai.onnx.ml')]],
  ['an input with a bias', [node('Add', 'x b')]],
])('%s is none', (_, nodes) => {
  expect(linearOutputs(modelOf({ inputs: { x: ['N', 4] }, nodes }))).toEqual([]);
});
