import { integers, node, type Sketch } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 2, 6];

const reshape = (target: readonly number[], inputs: Sketch['inputs'] = { x }, attributes = {}): Sketch => ({
  inputs,
  nodes: [node('Reshape', 'x target', 'y', attributes)],
  constants: [integers('target', target)],
});

/** [n, …rest], where n is the number of rows as exporters compute it. */
const counted = (rest: readonly number[]): Sketch => ({
  inputs: { x },
  nodes: [
    ...[node('Shape', 'x', 's'), node('Gather', 's zero', 'n'), node('Unsqueeze', 'n axes', 'u')],
    ...[node('Concat', 'u rest', 'target', { axis: 0 }), node('Reshape', 'x target')],
  ],
  constants: [integers('zero', 0), integers('axes', [0]), integers('rest', rest)],
});

describeRules('Reshape', [
  ['keeps the first dimension', reshape([0, -1]), 'independent'],
  ['leaves the rows over', reshape([-1, 12]), 'independent'],
  ['leaves the rows over, in more dimensions', reshape([-1, 3, 4]), 'independent'],
  ['leaves more than the rows over', reshape([-1, 6]), 'unknown: Reshape (of "y") folds dimension 0 into others'],
  ['fixes the number of rows', reshape([1, 12]), 'unknown: Reshape (of "y") folds dimension 0 into others'],
  ['leaves rows of unknown size over', reshape([-1, 12], { x: ['N', 'T', 6] }), 'unknown: Reshape (of "y") may fold'],
  ['keeps rows of unknown size', reshape([0, -1, 2], { x: ['N', 'T', 6] }), 'independent'],
  ['counts the rows', counted([3, 4]), 'independent'],
  ['counts the rows and leaves the rest over', counted([-1]), 'independent'],
  [
    'moves the rows behind what was theirs',
    {
      inputs: { x },
      nodes: [node('Transpose', 'x', 't', { perm: [1, 0, 2] }), node('Reshape', 't target')],
      constants: [integers('target', [-1, 12])],
    },
    'unknown: Reshape (of "y") folds dimension 1',
  ],
  [
    'gives the rows to another dimension in the same order',
    {
      inputs: { x },
      nodes: [
        ...[node('Transpose', 'x', 't', { perm: [1, 0, 2] }), node('Reshape', 't target', 'r')],
        node('Transpose', 'r', 'y', { perm: [1, 0, 2, 3] }),
      ],
      constants: [integers('target', [2, -1, 3, 2])],
    },
    'independent',
  ],
  [
    'takes its target from a request',
    { inputs: { x, target: [2] }, nodes: [node('Reshape', 'x target')] },
    'unknown: Reshape (of "y") takes a parameter that is not known before the run',
  ],
]);

describeRules('other operators of shapes', [
  ['Flatten', { inputs: { x }, nodes: [node('Flatten', 'x')] }, 'independent'],
  ['Flatten of rows of unknown size', { inputs: { x: ['N', 'H', 'W'] }, nodes: [node('Flatten', 'x')] }, 'independent'],
  [
    'Flatten to one row',
    { inputs: { x }, nodes: [node('Flatten', 'x', 'y', { axis: 0 })] },
    'unknown: Flatten (of "y") folds dimension 0',
  ],
  [
    'Flatten further behind',
    { inputs: { x }, nodes: [node('Flatten', 'x', 'y', { axis: 2 })] },
    'unknown: Flatten (of "y") folds dimension 0',
  ],
  [
    'Unsqueeze and Squeeze',
    {
      inputs: { x },
      nodes: [node('Unsqueeze', 'x both', 'u'), node('Squeeze', 'u both')],
      constants: [integers('both', [0, -1])],
    },
    'independent',
  ],
  [
    'Squeeze of all dimensions of 1',
    { inputs: { x: ['N', 1] }, nodes: [node('Squeeze', 'x')] },
    'unknown: Squeeze (of "y") removes all dimensions of 1, which may be the rows',
  ],
  [
    'Squeeze of the rows',
    { inputs: { x }, nodes: [node('Squeeze', 'x axes')], constants: [integers('axes', [0])] },
    'unknown: Squeeze (of "y") removes dimension 0',
  ],
  ['Transpose', { inputs: { x }, nodes: [node('Transpose', 'x', 'y', { perm: [0, 2, 1] })] }, 'independent'],
  [
    'Transpose of the rows to the end',
    { inputs: { x }, nodes: [node('Transpose', 'x')] },
    'unknown: The output "y" has the rows along dimension 2',
  ],
]);
