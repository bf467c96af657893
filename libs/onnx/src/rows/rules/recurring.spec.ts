import { floats, integers, node, type Sketch } from '../../testing/graphs.fixture.ts';
import { describeRules, type RuleCase } from '../../testing/rules.fixture.ts';

const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const;

/** A layer of two hidden numbers over inputs of three. */
const layer = (
  operator: keyof typeof GATES,
  sketch: Pick<Sketch, 'inputs' | 'nodes'>,
  ...constants: NonNullable<Sketch['constants']>
): Sketch => ({
  ...sketch,
  constants: [floats('w', [1, 2 * GATES[operator], 3]), floats('r', [1, 2 * GATES[operator], 2]), ...constants],
});

const cells = Object.keys(GATES) as (keyof typeof GATES)[];

describeRules('recurrent layers', [
  ...cells.map((operator): RuleCase => [
    `${operator} over rows that come second`,
    layer(operator, {
      inputs: { x: ['N', 4, 3] },
      nodes: [
        node('Transpose', 'x', 't', { perm: [1, 0, 2] }),
        node(operator, 't w r', 'all last', { hidden_size: 2 }),
        ...[node('Transpose', 'all', 'y', { perm: [2, 0, 1, 3] }), node('Transpose', 'last', 'z', { perm: [1, 0, 2] })],
      ],
    }),
    'independent',
  ]),
  ...cells.map((operator): RuleCase => [
    `${operator} whose first dimension is time`,
    layer(operator, { inputs: { x: ['T', 1, 3] }, nodes: [node(operator, 'x w r', 'y', { hidden_size: 2 })] }),
    `mixes: ${operator} (of "y") runs along dimension 0, which is time`,
  ]),
  [
    'LSTM from a state of each row',
    layer('LSTM', {
      inputs: { x: ['N', 4, 3], h: ['N', 1, 2], c: ['N', 1, 2] },
      nodes: [
        ...[node('Transpose', 'x', 't', { perm: [1, 0, 2] }), node('Transpose', 'h', 'a', { perm: [1, 0, 2] })],
        ...[node('Transpose', 'c', 'b', { perm: [1, 0, 2] }), node('LSTM', 't w r _ _ a b', 'all', { hidden_size: 2 })],
        node('Transpose', 'all', 'y', { perm: [2, 0, 1, 3] }),
      ],
    }),
    'independent',
  ],
  [
    'LSTM from a state that is a constant',
    layer(
      'LSTM',
      {
        inputs: { x: ['N', 4, 3] },
        nodes: [
          node('Transpose', 'x', 't', { perm: [1, 0, 2] }),
          node('LSTM', 't w r _ _ h', 'all', { hidden_size: 2 }),
          node('Transpose', 'all', 'y', { perm: [2, 0, 1, 3] }),
        ],
      },
      floats('h', [1, 3, 2]),
    ),
    'unknown: LSTM (of "all") starts from a state that is not that of the rows',
  ],
  [
    'LSTM with the same length for all',
    layer(
      'LSTM',
      {
        inputs: { x: ['N', 4, 3] },
        nodes: [node('Transpose', 'x', 't', { perm: [1, 0, 2] }), node('LSTM', 't w r _ l', '_ y', { hidden_size: 2 })],
      },
      { ...integers('l', [2, 2, 2]), elementType: 6 },
    ),
    'unknown: LSTM (of "y") starts from a state',
  ],
]);
