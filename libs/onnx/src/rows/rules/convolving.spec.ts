import { floats, integers, node, type Sketch } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 2, 6, 6];

/** One node, and what is left of a row as one dimension of known length: the sizes must be right. */
const flat = (
  count: number,
  operator: string,
  attributes: Readonly<Record<string, number | string | number[]>> = {},
  w?: readonly number[],
): Sketch => ({
  inputs: { x },
  nodes: [node(operator, w === undefined ? 'x' : 'x w', 'c', attributes), node('Reshape', 'c target')],
  constants: [integers('target', [-1, count]), ...(w === undefined ? [] : [floats('w', w)])],
});

describeRules('windows over pictures', [
  ['Conv', flat(3 * 4 * 4, 'Conv', {}, [3, 2, 3, 3]), 'independent'],
  [
    'Conv with strides, pads and dilations',
    flat(
      3 * 3 * 4,
      'Conv',
      { strides: [2, 1], pads: [1, 0, 1, 0], dilations: [1, 2], kernel_shape: [3, 2] },
      [3, 2, 3, 2],
    ),
    'independent',
  ],
  [
    'Conv that pads by itself',
    flat(3 * 3 * 3, 'Conv', { auto_pad: 'SAME_UPPER', strides: [2, 2] }, [3, 2, 3, 3]),
    'independent',
  ],
  ['Conv without pads', flat(3 * 2 * 2, 'Conv', { auto_pad: 'VALID', strides: [2, 2] }, [3, 2, 3, 3]), 'independent'],
  ['MaxPool', flat(2 * 3 * 3, 'MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }), 'independent'],
  [
    'MaxPool whose sizes are rounded up',
    flat(2 * 2 * 2, 'MaxPool', { kernel_shape: [3, 3], strides: [4, 4], ceil_mode: 1 }),
    'unknown: Reshape (of "y") may fold',
  ],
  ['AveragePool', flat(2 * 5 * 5, 'AveragePool', { kernel_shape: [2, 2] }), 'independent'],
  ['GlobalAveragePool', flat(2, 'GlobalAveragePool'), 'independent'],
  [
    'MaxPool that numbers places',
    { inputs: { x }, nodes: [node('MaxPool', 'x', 'p y', { kernel_shape: [6, 6] })] },
    'mixes: MaxPool (of "p") numbers the places of all rows together',
  ],
  [
    'ConvTranspose',
    { inputs: { x }, nodes: [node('ConvTranspose', 'x w')], constants: [floats('w', [2, 3, 2, 2])] },
    'independent',
  ],
  [
    'pictures of any size',
    {
      inputs: { x: ['N', 2, 'H', 'W'] },
      nodes: [node('Conv', 'x w', 'c'), node('GlobalMaxPool', 'c', 'p'), node('Flatten', 'p')],
      constants: [floats('w', [3, 2, 3, 3])],
    },
    'independent',
  ],
  [
    'rows in the place of channels',
    {
      inputs: { x: ['N', 1, 4] },
      nodes: [node('Transpose', 'x', 't', { perm: [1, 0, 2] }), node('Conv', 't w')],
      constants: [floats('w', [1, 2, 3])],
    },
    'unknown: Conv (of "y") works along dimension 1',
  ],
  ['GridSample', { inputs: { x, grid: ['N', 2, 2, 2] }, nodes: [node('GridSample', 'x grid')] }, 'independent'],
]);
