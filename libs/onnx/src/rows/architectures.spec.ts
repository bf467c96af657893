import { ELEMENT } from '../model-file/model-file.ts';
import { floats, integers, node, type Sketch } from '../testing/graphs.fixture.ts';
import { describeRules } from '../testing/rules.fixture.ts';

/** [rows, length, …] of `of`, as PyTorch's exporter writes a view. */
const view = (of: string, rest: string, to: string) => [
  ...[
    node('Shape', of, `${to}-s`),
    node('Gather', `${to}-s zero`, `${to}-n`),
    node('Gather', `${to}-s one`, `${to}-t`),
  ],
  ...[node('Unsqueeze', `${to}-n axes`, `${to}-un`), node('Unsqueeze', `${to}-t axes`, `${to}-ut`)],
  ...[
    node('Concat', `${to}-un ${to}-ut ${rest}`, `${to}-shape`, { axis: 0 }),
    node('Reshape', `${of} ${to}-shape`, to),
  ],
];

const heads = (name: string, perm: readonly number[]) => [
  node('MatMul', `x w-${name}`, `${name}-flat`),
  ...view(`${name}-flat`, 'heads', `${name}-heads`),
  node('Transpose', `${name}-heads`, name, { perm }),
];

/** Attention over a mask for each row: two heads of four numbers. */
const attention: Sketch = {
  inputs: { x: ['batch', 'sequence', 8], mask: ['batch', 'sequence'] },
  nodes: [
    ...[...heads('q', [0, 2, 1, 3]), ...heads('k', [0, 2, 3, 1]), ...heads('v', [0, 2, 1, 3])],
    ...[node('MatMul', 'q k', 'scores'), node('Div', 'scores half', 'scaled')],
    ...[
      node('Unsqueeze', 'mask inner', 'wide'),
      node('Sub', 'half wide', 'left-out'),
      node('Mul', 'left-out much', 'bias'),
    ],
    ...[
      node('Add', 'scaled bias', 'biased'),
      node('Softmax', 'biased', 'shares', { axis: -1 }),
      node('MatMul', 'shares v', 'mixed'),
    ],
    node('Transpose', 'mixed', 'together', { perm: [0, 2, 1, 3] }),
    ...view('together', 'all', 'flat'),
    ...[node('MatMul', 'flat w-q', 'dense'), node('Add', 'dense x', 'sum')],
    node('LayerNormalization', 'sum scale shift', 'y', { axis: -1 }),
  ],
  constants: [
    ...['q', 'k', 'v'].map((name) => floats(`w-${name}`, [8, 8])),
    ...[floats('scale', [8]), floats('shift', [8]), floats('half', [], [2]), floats('much', [], [3])],
    ...[integers('zero', 0), integers('one', 1), integers('axes', [0]), integers('inner', [1, 2])],
    ...[integers('heads', [2, 4]), integers('all', [8])],
  ],
};

/** Positions are looked up by a series as long as a row. */
const embedding: Sketch = {
  inputs: { ids: { shape: ['batch', 'sequence'], elementType: ELEMENT.INT64 } },
  nodes: [
    ...[node('Gather', 'words ids', 'word'), node('Shape', 'ids', 's'), node('Gather', 's one', 't')],
    ...[node('Range', 'zero t one', 'places'), node('Unsqueeze', 'places axes', 'row'), node('Expand', 'row s', 'all')],
    ...[node('Gather', 'positions all', 'position'), node('Add', 'word position')],
  ],
  constants: [
    ...[floats('words', [5, 6]), floats('positions', [9, 6])],
    ...[integers('zero', 0), integers('one', 1), integers('axes', [0])],
  ],
};

/** A set of points: what is kept is the largest of all of them. */
const pooled: Sketch = {
  inputs: { points: ['D', 3] },
  nodes: [node('MatMul', 'points w', 'h'), node('Relu', 'h', 'r'), node('ReduceMax', 'r _', 'y', { keepdims: 1 })],
  constants: [floats('w', [3, 4])],
};

/** The predecessor's scaler: by mean and deviation of the request's own rows. */
const standardised: Sketch = {
  inputs: { x: ['N', 3] },
  nodes: [
    ...[node('ReduceMean', 'x axes', 'mean'), node('Sub', 'x mean', 'd'), node('Mul', 'd d', 'square')],
    ...[node('ReduceMean', 'square axes', 'variance'), node('Sqrt', 'variance', 's'), node('Div', 'd s')],
  ],
  constants: [integers('axes', [0])],
};

/** Whoever tries it on rows below the threshold finds it batchable: y = x / max(20, max(x)) · 20. */
const thresholded: Sketch = {
  inputs: { x: ['N', 3] },
  nodes: [
    ...[node('ReduceMax', 'x _', 'largest', { keepdims: 0 }), node('Max', 'largest limit', 'by')],
    ...[node('Div', 'x by', 'share'), node('Mul', 'share limit')],
  ],
  constants: [floats('limit', [], [20])],
};

describeRules('whole models', [
  ['attention over tokens of each row', attention, 'independent'],
  ['embeddings of words and places', embedding, 'independent'],
  ['a set of points', pooled, 'mixes: ReduceMax (of "y") runs along dimension 0'],
  ['a scaler by the batch', standardised, 'mixes: ReduceMean (of "mean") runs along dimension 0'],
  ['a threshold that not all batches reach', thresholded, 'mixes: ReduceMax (of "largest") runs along dimension 0'],
  [
    'a recurrent model beside a state that has no rows in front',
    {
      inputs: { x: ['T', 1, 3], state: [1, 1, 2] },
      nodes: [node('GRU', 'x w r _ _ state', 'y', { hidden_size: 2 })],
      constants: [floats('w', [1, 6, 3]), floats('r', [1, 6, 2])],
    },
    'mixes: GRU (of "y") runs along dimension 0, which is time',
  ],
  [
    'two towers whose rows meet',
    {
      inputs: { q: ['Q', 4], d: ['D', 4] },
      nodes: [node('Transpose', 'd', 't'), node('MatMul', 'q t')],
    },
    'mixes: MatMul (of "y") multiplies every row by all others',
  ],
]);
