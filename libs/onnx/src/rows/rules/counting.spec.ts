import { floats, integers, node } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

/** What exporters write around a reshape: target = f(the shape of x). */
const x = ['N', 'T', 6];
const shaped = (...nodes: ReturnType<typeof node>[]) => [
  node('Shape', 'x', 's'),
  ...nodes,
  node('Reshape', 'x target'),
];
const constants = [
  ...[integers('zero', 0), integers('one', 1), integers('two', 2), integers('axes', [0]), integers('rest', [-1])],
  ...[integers('from', [0]), integers('to', [1]), integers('six', 6)],
];

describeRules('numbers that are made of shapes', [
  [
    'a product of sizes',
    {
      inputs: { x: ['N', 2, 6] },
      constants,
      nodes: shaped(
        ...[node('Slice', 's from to', 'n'), node('Gather', 's two', 'c'), node('Mul', 'c two', 'd')],
        ...[node('Unsqueeze', 'd axes', 'e'), node('Concat', 'n e', 'target', { axis: 0 })],
      ),
    },
    'independent',
  ],
  [
    'a quotient of sizes, which leaves the rows over',
    {
      inputs: { x },
      constants,
      nodes: shaped(
        ...[
          node('Gather', 's one', 't'),
          node('Mul', 't six', 'p'),
          node('Size', 'x', 'all'),
          node('Div', 'all p', 'n'),
        ],
        ...[node('Unsqueeze', 'n axes', 'u'), node('Concat', 'u rest', 'target', { axis: 0 })],
      ),
    },
    'independent',
  ],
  [
    'a size by way of a float',
    {
      inputs: { x },
      constants,
      nodes: shaped(
        ...[node('Slice', 's from to', 'n'), node('Cast', 'n', 'f', { to: 1 }), node('Cast', 'f', 'i', { to: 7 })],
        node('Concat', 'i rest', 'target', { axis: 0 }),
      ),
    },
    'unknown: Reshape (of "y")',
  ],
  [
    'all dimensions multiplied',
    {
      inputs: { x: ['N', 2, 6] },
      constants,
      nodes: shaped(
        ...[node('ReduceProd', 's _', 'p', { keepdims: 1 }), node('Div', 'p twelve', 'n')],
        node('Concat', 'n rest', 'target', { axis: 0 }),
      ).map((each) => ({ ...each, inputs: each.inputs.map((name) => (name === 'twelve' ? 'six' : name)) })),
    },
    'unknown: Reshape (of "y")',
  ],
]);

describeRules('constants', [
  [
    'as a node, of every form',
    {
      inputs: { x: ['N', 4] },
      nodes: [
        ...[node('Constant', '', 'a', { value: floats('', [4]) }), node('Constant', '', 'b', { value_float: 0.5 })],
        ...[node('Constant', '', 'c', { value_floats: [0.5, 1.5, 2.5, 3.5] }), node('Sum', 'x a b c')],
      ],
    },
    'independent',
  ],
]);

describeRules('series', [
  [
    'Range of the number of rows',
    {
      inputs: { x: ['N', 1] },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Gather', 's zero', 'n'), node('Range', 'zero n one', 'r')],
        ...[node('Cast', 'r', 'f', { to: 1 }), node('Unsqueeze', 'f axes', 'c'), node('Add', 'x c')],
      ],
      constants: [integers('zero', 0), integers('one', 1), integers('axes', [1])],
    },
    'mixes: Range (of "r") makes a series',
  ],
  [
    'Range of the length of a row',
    {
      inputs: { x: ['N', 'T'] },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Gather', 's one', 'n'), node('Range', 'zero n one', 'r')],
        ...[node('Cast', 'r', 'f', { to: 1 }), node('Add', 'x f')],
      ],
      constants: [integers('zero', 0), integers('one', 1)],
    },
    'independent',
  ],
]);
