import fc from 'fast-check';
import type { Node, StoredTensor } from '../model-file/model-file.ts';
import { floats, integers, node, type Sketch } from './graphs.fixture.ts';

/** A tensor of a graph that is being made. */
interface Made {
  readonly name: string;
  readonly rank: number;
}

/** Choices that become a node: of whatever tensors there are by then. */
interface Choice {
  readonly operator: number;
  readonly first: number;
  readonly second: number;
  readonly axis: number;
  readonly flag: boolean;
}

/** Every size is 3: most graphs are valid, and a constant may be as long as there are rows. */
const SIZE = 3;
const INPUTS: readonly (readonly (string | number)[])[] = [['N'], ['N', 3], ['N', 3, 3], ['N', 1, 3], ['N', 3, 3, 3]];
const CONSTANTS: readonly StoredTensor[] = [
  ...[floats('one', [1]), floats('row', [3]), floats('column', [3, 1]), floats('square', [3, 3])],
  ...[floats('front', [3, 1, 1]), floats('cube', [1, 3, 3]), integers('first', [0]), integers('last', [-1])],
  ...[integers('zero', 0), integers('second', 1), integers('pair', [2, 0]), integers('long', [2 ** 40])],
  ...[
    integers('rows-left', [-1, 3]),
    integers('rest-left', [0, -1]),
    integers('cubes', [-1, 3, 3]),
    integers('back', [3, -1]),
  ],
];

type Maker = (choice: Choice, a: Made, b: Made, y: string) => readonly [rank: number, ...nodes: Node[]];

const elementwise =
  (operator: string): Maker =>
  (_, a, b, y) => [Math.max(a.rank, b.rank), node(operator, `${a.name} ${b.name}`, y)];
const unary =
  (operator: string): Maker =>
  (_, a, _b, y) => [a.rank, node(operator, a.name, y)];
const along =
  (operator: string): Maker =>
  ({ axis }, a, _b, y) => [a.rank, node(operator, a.name, y, { axis: within(axis, a.rank) })];
const within = (axis: number, rank: number): number => (axis % Math.max(1, rank)) - (axis % 2 === 0 ? 0 : rank);

const turns = (choice: Choice, rank: number): number[] => {
  const order = [...Array(rank).keys()];
  const at = choice.axis % Math.max(1, rank);
  const to = choice.second % Math.max(1, rank);
  [order[at], order[to]] = [order[to]!, order[at]!];
  return order;
};

const MAKERS: readonly Maker[] = [
  ...['Add', 'Sub', 'Mul', 'Max'].map(elementwise),
  ...['Relu', 'Neg', 'Sigmoid', 'Identity'].map(unary),
  ...['Softmax', 'LogSoftmax', 'LpNormalization', 'LayerNormalization'].map(along),
  (choice, a, _, y) => [a.rank, node('Transpose', a.name, y, { perm: turns(choice, a.rank) })],
  (choice, a, _, y) => [a.rank, node('Transpose', a.name, y, { perm: turns(choice, a.rank) })],
  ({ axis, flag }, a, _, y) => {
    const axes = [within(axis, a.rank)];
    const nodes = [
      node('Constant', '', `${y}-axes`, { value: integers('', axes) }),
      node('ReduceMean', `${a.name} ${y}-axes`, y, { keepdims: flag ? 1 : 0 }),
    ];
    return [flag ? a.rank : a.rank - 1, ...nodes];
  },
  ({ axis }, a, _, y) => [
    a.rank,
    node('Constant', '', `${y}-axis`, { value: integers('', within(axis, a.rank)) }),
    node('CumSum', `${a.name} ${y}-axis`, y),
  ],
  (_, a, b, y) => [Math.max(a.rank, b.rank), node('MatMul', `${a.name} ${b.name}`, y)],
  (_, a, b, y) => [Math.max(a.rank, b.rank), node('MatMul', `${a.name} ${b.name}`, y)],
  ({ flag, axis }, _a, b, y) => [
    2,
    node('Gemm', `${b.name} square row`, y, { transA: flag ? 1 : 0, transB: axis % 2 }),
  ],
  ({ axis }, a, b, y) => [a.rank, node('Concat', `${a.name} ${b.name}`, y, { axis: within(axis, a.rank) })],
  ({ axis, flag }, a, _, y) => [
    flag ? a.rank : a.rank - 1,
    node('Gather', `${a.name} ${flag ? 'pair' : 'second'}`, y, { axis: within(axis, a.rank) }),
  ],
  ({ axis, flag }, a, _, y) => [
    a.rank,
    node('Constant', '', `${y}-axes`, { value: integers('', [within(axis, a.rank)]) }),
    node('Slice', `${a.name} ${flag ? 'first' : 'last'} long ${y}-axes`, y),
  ],
  ({ axis }, a, _, y) => [
    a.rank + 1,
    node('Constant', '', `${y}-axes`, { value: integers('', [axis % (a.rank + 1)]) }),
    node('Unsqueeze', `${a.name} ${y}-axes`, y),
  ],
  (_, a, _b, y) => [2, node('Reshape', `${a.name} rows-left`, y)],
  (_, a, _b, y) => [2, node('Reshape', `${a.name} rest-left`, y)],
  (_, a, _b, y) => [3, node('Reshape', `${a.name} cubes`, y)],
  (_, a, _b, y) => [2, node('Reshape', `${a.name} back`, y)],
  ({ axis }, a, _, y) => [2, node('Flatten', a.name, y, { axis: axis % (a.rank + 1) })],
  (_, a, b, y) => [
    Math.max(a.rank, b.rank),
    node('Shape', b.name, `${y}-shape`),
    node('Expand', `${a.name} ${y}-shape`, y),
  ],
  (_, _a, b, y) => [b.rank, node('Shape', b.name, `${y}-shape`), node('ConstantOfShape', `${y}-shape`, y)],
  ({ axis }, a, b, y) => [
    a.rank,
    node('Shape', b.name, `${y}-shape`),
    node('Constant', '', `${y}-at`, { value: integers('', axis % Math.max(1, b.rank)) }),
    ...[node('Gather', `${y}-shape ${y}-at`, `${y}-size`), node('Cast', `${y}-size`, `${y}-float`, { to: 1 })],
    node('Mul', `${a.name} ${y}-float`, y),
  ],
  ({ axis }, a, b, y) => [
    2,
    ...[
      node('Shape', b.name, `${y}-shape`),
      node('Constant', '', `${y}-at`, { value: integers('', [axis % Math.max(1, b.rank)]) }),
    ],
    ...[
      node('Gather', `${y}-shape ${y}-at`, `${y}-size`),
      node('Concat', `${y}-size last`, `${y}-target`, { axis: 0 }),
    ],
    node('Reshape', `${a.name} ${y}-target`, y),
  ],
  ({ axis }, a, _, y) => [
    a.rank,
    node('ArgMax', a.name, `${y}-i`, { axis: within(axis, a.rank) }),
    node('Cast', `${y}-i`, y, { to: 1 }),
  ],
  (_, a, _b, y) => [a.rank, node('Conv', `${a.name} kernel`, y)],
  (_, a, _b, y) => [a.rank, node('GlobalMaxPool', a.name, y)],
  ({ axis }, a, b, y) => [
    Math.max(a.rank, b.rank),
    node('Greater', `${a.name} ${b.name}`, `${y}-g`),
    node('Where', `${y}-g ${axis % 2 === 0 ? b.name : 'one'} ${a.name}`, y),
  ],
];

const KERNEL = floats('kernel', [SIZE, SIZE, 1]);

function sketchOf(shapes: readonly number[], choices: readonly Choice[]): Sketch {
  const inputs = Object.fromEntries(shapes.map((shape, at) => [`x${at}`, INPUTS[shape % INPUTS.length]!]));
  const pool: Made[] = Object.entries(inputs).map(([name, { length }]) => ({ name, rank: length }));
  const constants = CONSTANTS.filter(({ elementType }) => elementType === 1).map(({ name, shape }) => ({
    name,
    rank: shape.length,
  }));
  const nodes: Node[] = [];
  for (const [at, choice] of choices.entries()) {
    const all = [...pool, ...constants];
    // What was made last is most likely to go on, so that graphs are deep.
    const a = choice.first % 3 === 0 ? all[choice.first % all.length]! : pool.at(-1)!;
    const b = all[choice.second % all.length]!;
    const [rank, ...made] = MAKERS[choice.operator % MAKERS.length]!(choice, a, b, `t${at}`);
    nodes.push(...made);
    pool.push({ name: `t${at}`, rank: Math.max(0, rank) });
  }
  return { inputs, nodes, constants: [...CONSTANTS, KERNEL], outputs: [pool.at(-1)!.name] };
}

const choice: fc.Arbitrary<Choice> = fc.record({
  operator: fc.nat(1000),
  first: fc.nat(1000),
  second: fc.nat(1000),
  axis: fc.nat(7),
  flag: fc.boolean(),
});

/** Graphs of up to two inputs and five nodes; not every one that is made up is one. */
export const sketches: fc.Arbitrary<Sketch> = fc
  .tuple(fc.array(fc.nat(100), { minLength: 1, maxLength: 2 }), fc.array(choice, { minLength: 1, maxLength: 5 }))
  .map(([shapes, choices]) => sketchOf(shapes, choices));
