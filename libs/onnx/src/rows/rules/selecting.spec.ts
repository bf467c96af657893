import { ELEMENT } from '../../model-file/model-file.ts';
import { floats, integers, node, type Sketch } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 4];
const indices = (...shape: readonly (string | number)[]) => ({ shape, elementType: ELEMENT.INT64 });

const slice = (starts: number, ends: number, axis: number): Sketch => ({
  inputs: { x },
  nodes: [node('Slice', 'x starts ends axes')],
  constants: [integers('starts', [starts]), integers('ends', [ends]), integers('axes', [axis])],
});

describeRules('Slice and Split', [
  ['columns', slice(1, 3, 1), 'independent'],
  ['columns, counted from the end', slice(-2, 2 ** 40, -1), 'independent'],
  ['rows', slice(0, 1, 0), 'mixes: Slice (of "y") takes a part of dimension 0'],
  ['all rows', slice(0, 2 ** 40, 0), 'independent'],
  ['all rows but the first', slice(1, 2 ** 40, 0), 'mixes: Slice'],
  [
    'rows, as all dimensions are meant',
    {
      inputs: { x },
      nodes: [node('Slice', 'x starts ends')],
      constants: [integers('starts', [1]), integers('ends', [3])],
    },
    'mixes: Slice (of "y") takes a part of dimension 0',
  ],
  [
    'columns from a place that a request names',
    {
      inputs: { x, starts: indices(1) },
      nodes: [node('Slice', 'x starts ends axes')],
      constants: [integers('ends', [4]), integers('axes', [1])],
    },
    'within-request: The rows of a run share the input "starts"',
  ],
  [
    'Split into columns',
    { inputs: { x }, nodes: [node('Split', 'x', 'a b', { axis: 1, num_outputs: 2 }), node('Add', 'a b')] },
    'independent',
  ],
  [
    'Split into rows, by default',
    { inputs: { x }, nodes: [node('Split', 'x', 'y b', { num_outputs: 2 })] },
    'mixes: Split (of "y") takes parts of dimension 0',
  ],
]);

describeRules('Gather and what is like it', [
  [
    'columns that a constant names',
    { inputs: { x }, nodes: [node('Gather', 'x i', 'y', { axis: 1 })], constants: [integers('i', [2, 0])] },
    'independent',
  ],
  [
    'one column',
    { inputs: { x }, nodes: [node('Gather', 'x i', 'y', { axis: 1 })], constants: [integers('i', 2)] },
    'independent',
  ],
  [
    'rows that a constant names',
    { inputs: { x }, nodes: [node('Gather', 'x i')], constants: [integers('i', [0])] },
    'mixes: Gather (of "y") takes rows by their place along dimension 0',
  ],
  [
    'an embedding',
    { inputs: { i: indices('N', 2) }, nodes: [node('Gather', 'w i')], constants: [floats('w', [3, 5])] },
    'independent',
  ],
  [
    'the other dimension of a constant',
    { inputs: { i: indices('N') }, nodes: [node('Gather', 'w i', 'y', { axis: 1 })], constants: [floats('w', [5, 3])] },
    'unknown: The output "y" has the rows along dimension 1',
  ],
  [
    'of each row what all name',
    { inputs: { x: ['N', 3], i: indices('N') }, nodes: [node('Gather', 'x i', 'y', { axis: 1 })] },
    'mixes: Gather (of "y") takes from each row what the others name too',
  ],
  [
    'GatherElements of each row',
    { inputs: { x: ['N', 3], i: indices('N', 2) }, nodes: [node('GatherElements', 'x i', 'y', { axis: 1 })] },
    'independent',
  ],
  [
    'GatherElements along the rows',
    { inputs: { x, i: indices('N', 2) }, nodes: [node('GatherElements', 'x i')] },
    'mixes: GatherElements (of "y") runs along dimension 0',
  ],
  [
    'GatherND of a constant',
    { inputs: { i: indices('N', 2) }, nodes: [node('GatherND', 'w i')], constants: [floats('w', [3, 3, 2])] },
    'independent',
  ],
  [
    'GatherND of each row',
    { inputs: { x: ['N', 3], i: indices('N', 1) }, nodes: [node('GatherND', 'x i', 'y', { batch_dims: 1 })] },
    'independent',
  ],
  [
    'GatherND of all rows',
    { inputs: { x: ['N', 3], i: indices('N', 1) }, nodes: [node('GatherND', 'x i')] },
    'unknown: GatherND (of "y") takes rows by their place',
  ],
  [
    'OneHot',
    {
      inputs: { i: indices('N', 2) },
      nodes: [node('OneHot', 'i depth values', 'y', { axis: 1 })],
      constants: [integers('depth', [3]), floats('values', [2], [0, 1])],
    },
    'independent',
  ],
  [
    'ReverseSequence of each row',
    {
      inputs: { x: ['N', 3], i: indices('N') },
      nodes: [node('Add', 'i one', 'l'), node('ReverseSequence', 'x l', 'y', { batch_axis: 0, time_axis: 1 })],
      constants: [integers('one', 1)],
    },
    'independent',
  ],
  [
    'columns that a constant chooses',
    {
      inputs: { x },
      nodes: [node('Compress', 'x chosen', 'y', { axis: 1 })],
      constants: [{ name: 'chosen', elementType: ELEMENT.BOOL, shape: [4], numbers: [1, 0, 1, 0] }],
    },
    'independent',
  ],
  [
    'rows that a constant chooses',
    {
      inputs: { x },
      nodes: [node('Compress', 'x chosen', 'y', { axis: 0 })],
      constants: [{ name: 'chosen', elementType: ELEMENT.BOOL, shape: [2], numbers: [0, 1] }],
    },
    'mixes: Compress (of "y") takes rows by their place',
  ],
  ['NonZero', { inputs: { x }, nodes: [node('NonZero', 'x')] }, 'mixes: NonZero'],
]);
