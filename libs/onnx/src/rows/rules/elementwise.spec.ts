import { ELEMENT } from '../../model-file/model-file.ts';
import { floats, integers, node } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 4];

describeRules('elementwise operators', [
  ['one input', { inputs: { x }, nodes: [node('Abs', 'x', 'a'), node('Sqrt', 'a')] }, 'independent'],
  ['a scalar', { inputs: { x }, nodes: [node('Add', 'x w')], constants: [floats('w', [])] }, 'independent'],
  ['a vector', { inputs: { x }, nodes: [node('Add', 'w x')], constants: [floats('w', [4])] }, 'independent'],
  ['one row', { inputs: { x }, nodes: [node('Mul', 'x w')], constants: [floats('w', [1, 4])] }, 'independent'],
  [
    'a constant for each row by its place',
    { inputs: { x }, nodes: [node('Mul', 'x w')], constants: [floats('w', [3, 4])] },
    'mixes: Mul (of "y") gives each row a constant of its own along dimension 0',
  ],
  [
    'a constant that moves the rows back',
    { inputs: { x }, nodes: [node('Mul', 'x w')], constants: [floats('w', [5, 1, 1])] },
    'unknown: The output "y" has the rows along dimension 1',
  ],
  ['rows with a column of rows', { inputs: { x, c: ['N', 1] }, nodes: [node('Sub', 'x c')] }, 'independent'],
  [
    'rows with rows that lie across',
    { inputs: { x: ['N'], c: ['N', 1] }, nodes: [node('Sub', 'x c')] },
    'mixes: Sub (of "y") lines up the rows of one input with another dimension of the other',
  ],
  [
    'a choice',
    { inputs: { x }, nodes: [node('Greater', 'x w', 'g'), node('Where', 'g x w')], constants: [floats('w', [1])] },
    'independent',
  ],
  ['bounds', { inputs: { x }, nodes: [node('Clip', 'x w')], constants: [floats('w', [], [0.5])] }, 'independent'],
  [
    'the type of another tensor',
    { inputs: { x }, nodes: [node('Transpose', 'x', 't'), node('CastLike', 'x t')] },
    'independent',
  ],
  [
    'the number of rows',
    {
      inputs: { x },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Gather', 's zero', 'n'), node('Cast', 'n', 'f', { to: ELEMENT.FLOAT })],
        node('Div', 'x f'),
      ],
      constants: [integers('zero', 0)],
    },
    'mixes: Div (of "y") depends on the number of rows',
  ],
  [
    'the length of a row',
    {
      inputs: { x: ['N', 'T'] },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Gather', 's one', 'n'), node('Cast', 'n', 'f', { to: ELEMENT.FLOAT })],
        node('Div', 'x f'),
      ],
      constants: [integers('one', 1)],
    },
    'independent',
  ],
]);

const bytes = (name: string, numbers: readonly number[], shape = [numbers.length]) => ({
  ...{ name, elementType: ELEMENT.UINT8, shape, numbers },
});

describeRules('quantisation', [
  [
    'by one scale',
    {
      inputs: { x },
      nodes: [node('QuantizeLinear', 'x s z', 'q'), node('DequantizeLinear', 'q s z')],
      constants: [floats('s', [], [0.5]), bytes('z', [128], [])],
    },
    'independent',
  ],
  [
    'by a scale for each column',
    {
      inputs: { x },
      nodes: [node('QuantizeLinear', 'x s z', 'q', { axis: 1 }), node('DequantizeLinear', 'q s z', 'y', { axis: 1 })],
      constants: [floats('s', [4]), bytes('z', [1, 2, 3, 4])],
    },
    'independent',
  ],
  [
    'by a scale for each row',
    {
      inputs: { x },
      nodes: [node('QuantizeLinear', 'x s z', 'q', { axis: 0 }), node('DequantizeLinear', 'q s z', 'y', { axis: 0 })],
      constants: [floats('s', [3]), bytes('z', [1, 2, 3])],
    },
    'mixes: QuantizeLinear (of "q") gives each row a scale of its own',
  ],
  [
    'by the range of the whole tensor',
    { inputs: { x }, nodes: [node('DynamicQuantizeLinear', 'x', 'q s z'), node('DequantizeLinear', 'q s z')] },
    'mixes: DynamicQuantizeLinear (of "q") takes the range of the whole tensor',
  ],
]);
