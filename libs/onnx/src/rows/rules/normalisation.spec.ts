import { floats, node } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 4, 3];

const channels = { s: floats('s', [4]), b: floats('b', [4]), m: floats('m', [4]), v: floats('v', [4]) };

describeRules('normalisation', [
  [
    'BatchNormalization by what it learnt',
    { inputs: { x }, nodes: [node('BatchNormalization', 'x s b m v')], constants: Object.values(channels) },
    'independent',
  ],
  [
    'BatchNormalization in training',
    {
      inputs: { x },
      nodes: [node('BatchNormalization', 'x s b m v', 'y p q', { training_mode: 1 })],
      constants: Object.values(channels),
    },
    'mixes: BatchNormalization (of "y") is in training mode',
  ],
  [
    'InstanceNormalization',
    {
      inputs: { x },
      nodes: [node('InstanceNormalization', 'x s b')],
      constants: [channels.s, channels.b],
    },
    'independent',
  ],
  [
    'InstanceNormalization of rows in the place of channels',
    {
      inputs: { x },
      nodes: [
        node('Transpose', 'x', 't', { perm: [1, 0, 2] }),
        node('InstanceNormalization', 't s b', 'i'),
        node('Transpose', 'i', 'y', { perm: [1, 0, 2] }),
      ],
      constants: [floats('s', [2]), floats('b', [2])],
    },
    'unknown: InstanceNormalization (of "i") works along dimension 1',
  ],
  [
    'LayerNormalization',
    {
      inputs: { x },
      nodes: [node('LayerNormalization', 'x s b', 'y mean', { axis: 1 })],
      constants: [floats('s', [4, 3]), floats('b', [3])],
      outputs: ['y', 'mean'],
    },
    'independent',
  ],
  [
    'LayerNormalization over the rows',
    { inputs: { x }, nodes: [node('LayerNormalization', 'x s', 'y', { axis: 0 })], constants: [floats('s', [3])] },
    'mixes: LayerNormalization (of "y") runs along dimension 0',
  ],
  [
    'MeanVarianceNormalization by default',
    { inputs: { x: ['N', 2, 3, 3] }, nodes: [node('MeanVarianceNormalization', 'x')] },
    'mixes: MeanVarianceNormalization',
  ],
  [
    'MeanVarianceNormalization of each row',
    { inputs: { x }, nodes: [node('MeanVarianceNormalization', 'x', 'y', { axes: [1, 2] })] },
    'independent',
  ],
  ['LRN', { inputs: { x: ['N', 4, 3, 3] }, nodes: [node('LRN', 'x', 'y', { size: 3 })] }, 'independent'],
]);
