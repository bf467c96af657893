import { integers, node, type Sketch } from '../../testing/graphs.fixture.ts';
import { describeRules, type RuleCase } from '../../testing/rules.fixture.ts';

const x = ['N', 4, 3];

const one = (operator: string, attributes = {}, opset?: number): Sketch => ({
  inputs: { x },
  nodes: [node(operator, 'x', 'y', attributes)],
  ...(opset !== undefined && { opset }),
});

describeRules('reductions', [
  ['an attribute of axes', one('ReduceMean', { axes: [1, -1] }, 13), 'independent'],
  ['that leaves no dimension behind', one('ReduceMax', { axes: [-1], keepdims: 0 }, 13), 'independent'],
  ['over the rows', one('ReduceMean', { axes: [-3] }, 13), 'mixes: ReduceMean (of "y") runs along dimension 0'],
  ['over all dimensions', one('ReduceSum', { keepdims: 1 }, 13), 'mixes: ReduceSum (of "y") runs along dimension 0'],
  ['over none, where that is said', one('ReduceSum', { noop_with_empty_axes: 1 }, 13), 'independent'],
  [
    'an input of axes',
    { inputs: { x }, nodes: [node('ReduceL2', 'x axes')], constants: [integers('axes', [1])] },
    'independent',
  ],
  [
    'an input of axes that are not known',
    { inputs: { x, axes: [1] }, nodes: [node('ReduceL2', 'x axes')] },
    'unknown: ReduceL2 (of "y") takes a parameter that is not known before the run',
  ],
  [
    'that shifts the rows',
    {
      inputs: { x },
      nodes: [...[node('Transpose', 'x', 't', { perm: [1, 0, 2] }), node('ReduceSum', 't zero', 'y', { keepdims: 0 })]],
      constants: [integers('zero', [0])],
    },
    'independent',
  ],
  [
    'the place of the largest, by default along the rows',
    one('ArgMax'),
    'mixes: ArgMax (of "y") runs along dimension 0',
  ],
  ['the place of the largest along another', one('ArgMax', { axis: 1, keepdims: 0 }), 'independent'],
]);

describeRules('operators along a dimension', [
  ...(['Softmax', 'LogSoftmax', 'Hardmax'] as const).map((operator): RuleCase => [
    operator,
    one(operator),
    'independent',
  ]),
  ['Softmax over the rows', one('Softmax', { axis: 0 }), 'mixes: Softmax (of "y") runs along dimension 0'],
  ['Softmax before opset 13', one('Softmax', {}, 12), 'independent'],
  [
    'Softmax before opset 13, over all from the rows on',
    one('Softmax', { axis: 0 }, 12),
    'mixes: Softmax (of "y") runs along dimension 0 and all others from 0 on',
  ],
  [
    'Softmax before opset 13, where rows stand behind its axis',
    {
      inputs: { x },
      opset: 12,
      nodes: [
        node('Transpose', 'x', 't', { perm: [1, 2, 0] }),
        node('Softmax', 't', 's', { axis: 1 }),
        node('Transpose', 's', 'y', { perm: [2, 0, 1] }),
      ],
    },
    'mixes: Softmax (of "s") runs along dimension 2 and all others from 1 on',
  ],
  [
    'CumSum along the rows',
    { inputs: { x }, nodes: [node('CumSum', 'x axis')], constants: [integers('axis', 0)] },
    'mixes: CumSum (of "y") runs along dimension 0',
  ],
  [
    'CumSum along another',
    { inputs: { x }, nodes: [node('CumSum', 'x axis')], constants: [integers('axis', -1)] },
    'independent',
  ],
  ['LpNormalization along the rows', one('LpNormalization', { axis: 0 }), 'mixes: LpNormalization'],
  ['LpNormalization', one('LpNormalization'), 'independent'],
  [
    'TopK',
    { inputs: { x }, nodes: [node('TopK', 'x k', 'y i')], constants: [integers('k', [2])], outputs: ['y', 'i'] },
    'independent',
  ],
  [
    'TopK along the rows',
    { inputs: { x }, nodes: [node('TopK', 'x k', 'y i', { axis: 0 })], constants: [integers('k', [1])] },
    'mixes: TopK (of "y") runs along dimension 0',
  ],
]);
