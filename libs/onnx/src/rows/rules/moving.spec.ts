import { floats, integers, node } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 2, 6];

describeRules('joining and repeating', [
  [
    'Concat of columns',
    { inputs: { x, b: ['N', 3, 6] }, nodes: [node('Concat', 'x b', 'y', { axis: -2 })] },
    'independent',
  ],
  [
    'Concat of rows',
    { inputs: { x, b: ['N', 2, 6] }, nodes: [node('Concat', 'x b', 'y', { axis: 0 })] },
    'mixes: Concat (of "y") joins along dimension 0',
  ],
  [
    'Concat of rows and a constant',
    { inputs: { x }, nodes: [node('Concat', 'x w', 'y', { axis: 1 })], constants: [floats('w', [1, 2, 6])] },
    'unknown: Concat (of "y") joins rows and a constant',
  ],
  [
    'a constant that is expanded to as many as there are rows, and joined',
    {
      inputs: { x },
      nodes: [
        ...[node('Shape', 'x', 's', { start: 0, end: 1 }), node('Concat', 's rest', 'wanted', { axis: 0 })],
        ...[node('Expand', 'token wanted', 'e'), node('Concat', 'e x', 'y', { axis: 1 })],
      ],
      constants: [floats('token', [1, 1, 6]), integers('rest', [1, 6])],
    },
    'independent',
  ],
  [
    'a state of zeros for each row',
    {
      inputs: { x },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Slice', 's zero one', 'n'), node('Concat', 'n rest', 'wanted', { axis: 0 })],
        ...[node('ConstantOfShape', 'wanted', 'zeros'), node('Add', 'zeros x')],
      ],
      constants: [integers('zero', [0]), integers('one', [1]), integers('rest', [2, 6])],
    },
    'independent',
  ],
  [
    'Expand as exporters write it, with -1 for what stays',
    {
      inputs: { x },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Equal', 'asked minus', 'e'), node('Where', 'e ones asked', 'wanted')],
        ...[node('Expand', 'x wanted', 'a'), node('Expand', 'x s', 'b'), node('Add', 'a b')],
      ],
      constants: [integers('asked', [-1, 2, 6]), integers('minus', -1), integers('ones', [1, 1, 1])],
    },
    'independent',
  ],
  [
    'Expand of rows to a fixed number',
    { inputs: { x }, nodes: [node('Expand', 'x s')], constants: [integers('s', [3, 2, 6])] },
    'unknown: Expand (of "y") gives dimension 0 another size',
  ],
  [
    'Tile of what a row holds',
    { inputs: { x }, nodes: [node('Tile', 'x r')], constants: [integers('r', [1, 1, 2])] },
    'independent',
  ],
  [
    'Tile of the rows',
    { inputs: { x }, nodes: [node('Tile', 'x r')], constants: [integers('r', [2, 1, 1])] },
    'unknown: Tile (of "y") repeats the rows',
  ],
  [
    'Pad of what a row holds',
    { inputs: { x }, nodes: [node('Pad', 'x p')], constants: [integers('p', [0, 0, 1, 0, 1, 0])] },
    'independent',
  ],
  [
    'Pad of the rows',
    { inputs: { x }, nodes: [node('Pad', 'x p')], constants: [integers('p', [1, 0, 0, 0, 0, 0])] },
    'mixes: Pad (of "y") pads dimension 0',
  ],
  [
    'Resize of pictures',
    {
      inputs: { x: ['N', 1, 2, 2] },
      nodes: [node('Resize', 'x _ scales')],
      constants: [floats('scales', [4], [1, 1, 2, 2])],
    },
    'independent',
  ],
  [
    'Resize of the rows',
    {
      inputs: { x: ['N', 1, 2, 2] },
      nodes: [node('Resize', 'x _ scales')],
      constants: [floats('scales', [4], [2, 1, 1, 1])],
    },
    'unknown: Resize (of "y") may resize dimension 0',
  ],
  [
    'SpaceToDepth',
    { inputs: { x: ['N', 1, 2, 2] }, nodes: [node('SpaceToDepth', 'x', 'y', { blocksize: 2 })] },
    'independent',
  ],
  ['Trilu of each row', { inputs: { x }, nodes: [node('Trilu', 'x')] }, 'independent'],
  ['Trilu of rows and columns', { inputs: { x: ['N', 3] }, nodes: [node('Trilu', 'x')] }, 'mixes: Trilu'],
]);
