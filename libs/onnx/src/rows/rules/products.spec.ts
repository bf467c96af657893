import { ELEMENT } from '../../model-file/model-file.ts';
import { floats, node, type Sketch } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const matMul = (a: Sketch['inputs'][string], b: readonly number[]): Sketch => ({
  inputs: { a },
  nodes: [node('MatMul', 'a b')],
  constants: [floats('b', b)],
});

describeRules('MatMul', [
  ['of rows and weights', matMul(['N', 4], [4, 3]), 'independent'],
  ['of rows and a vector', matMul(['N', 4], [4]), 'independent'],
  ['of matrices for each row', matMul(['N', 2, 4], [4, 3]), 'independent'],
  ['of matrices and a stack of one', matMul(['N', 2, 4], [1, 4, 3]), 'independent'],
  [
    'of matrices and one for each row',
    matMul(['N', 2, 4], [3, 4, 3]),
    'mixes: MatMul (of "y") gives each row a constant',
  ],
  ['of rows and a stack', matMul(['N', 4], [5, 4, 3]), 'unknown: The output "y" has the rows along dimension 1'],
  ['of a vector of rows', matMul(['N'], [3, 2]), 'mixes: MatMul (of "y") sums over dimension 0'],
  [
    'over the rows',
    {
      inputs: { a: ['N', 4] },
      nodes: [node('Transpose', 'a', 't'), node('MatMul', 't b')],
      constants: [floats('b', [3, 2])],
    },
    'mixes: MatMul (of "y") sums over dimension 1',
  ],
  [
    'of every row with all others',
    { inputs: { a: ['N', 4] }, nodes: [node('Transpose', 'a', 't'), node('MatMul', 'a t')] },
    'mixes: MatMul (of "y") multiplies every row by all others',
  ],
  [
    'of each row with itself',
    { inputs: { a: ['N', 3, 4] }, nodes: [node('Transpose', 'a', 't', { perm: [0, 2, 1] }), node('MatMul', 'a t')] },
    'independent',
  ],
  [
    'of weights and rows',
    {
      inputs: { a: ['N', 4] },
      nodes: [node('Transpose', 'a', 't'), node('MatMul', 'w t', 'p'), node('Transpose', 'p', 'y')],
      constants: [floats('w', [3, 4])],
    },
    'independent',
  ],
  [
    'of integers',
    {
      inputs: { a: ['N', 4] },
      nodes: [node('Cast', 'a', 'i', { to: ELEMENT.INT8 }), node('MatMulInteger', 'i b z')],
      constants: [
        { name: 'b', elementType: ELEMENT.INT8, shape: [4, 1], numbers: [1, 2, 3, 4] },
        { name: 'z', elementType: ELEMENT.INT8, shape: [], numbers: [1] },
      ],
    },
    'independent',
  ],
]);

const gemm = (attributes: Readonly<Record<string, number>>, c: readonly number[]): Sketch => ({
  inputs: { a: ['N', 4] },
  nodes: [node('Gemm', 'a b c', 'y', attributes)],
  constants: [floats('b', attributes['transB'] === 1 ? [3, 4] : [4, 3]), floats('c', c)],
});

describeRules('Gemm', [
  ['of rows and weights', gemm({}, [3]), 'independent'],
  ['of rows and weights that are turned', gemm({ transB: 1 }, [1, 3]), 'independent'],
  ['with a constant for each row', gemm({}, [3, 3]), 'mixes: Gemm (of "y") gives each row a constant'],
  [
    'over the rows',
    { inputs: { a: ['N', 4] }, nodes: [node('Gemm', 'a b', 'y', { transA: 1 })], constants: [floats('b', [3, 2])] },
    'mixes: Gemm (of "y") sums over dimension 1',
  ],
]);

const einsum = (
  equation: string,
  inputs: Sketch['inputs'],
  ...constants: NonNullable<Sketch['constants']>
): Sketch => ({
  inputs,
  nodes: [node('Einsum', [...Object.keys(inputs), ...constants.map(({ name }) => name)].join(' '), 'y', { equation })],
  constants,
});

describeRules('Einsum', [
  ['of rows and weights', einsum('bi,ij->bj', { a: ['N', 4] }, floats('w', [4, 2])), 'independent'],
  ['of rows with rows', einsum('bij, bkj -> bik', { a: ['N', 2, 4], b: ['N', 3, 4] }), 'independent'],
  ['over the rows', einsum('bi->i', { a: ['N', 4] }), 'mixes: Einsum (of "y") sums over the rows'],
  [
    'of rows with all rows',
    einsum('bi,ci->bc', { a: ['N', 4], c: ['N', 4] }),
    'mixes: Einsum (of "y") multiplies rows by others',
  ],
  [
    'with a constant for each row',
    einsum('bi,b->bi', { a: ['N', 4] }, floats('w', [3])),
    'unknown: Einsum (of "y") gives each row a constant of its own',
  ],
  ['with open parts', einsum('...i->...', { a: ['N', 4] }), 'unknown: Einsum (of "y") has an equation with open parts'],
  ['of the diagonal', einsum('bb->b', { a: ['N', 3] }), 'unknown: Einsum'],
]);
