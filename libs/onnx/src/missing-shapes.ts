import type { Graph, ModelFile, Node } from './model-file/model-file.ts';

/** Inputs without a shape in the file: the runtime would take them for scalars. */
export function inputsWithoutShape({ graph }: ModelFile): readonly string[] {
  const initializers = new Set(graph.initializers.map(({ name }) => name));
  return graph.inputs
    .filter(({ name, kind, shape }) => kind === 'tensor' && shape === undefined && !initializers.has(name))
    .map(({ name }) => name);
}

/** The rank that an operator takes at this place among its inputs; undefined where it takes several. */
export function rankByOperators({ graph }: ModelFile, input: string): number | undefined {
  const alike = new Set([input]);
  for (const node of graph.nodes) {
    if (node.domain !== 'ai.onnx' && node.domain !== 'ai.onnx.ml') continue;
    for (const [at, name] of node.inputs.entries()) {
      if (!alike.has(name)) continue;
      const rank = rankAt(node, at, graph);
      if (rank !== undefined) return rank;
      if (at === 0 && RANK_KEPT.has(node.operator)) alike.add(node.outputs[0]!);
    }
  }
  return undefined;
}

function rankAt(node: Node, at: number, graph: Graph): number | undefined {
  const { operator, attributes } = node;
  const fixed = RANKS[operator]?.[at];
  if (fixed !== undefined) return fixed;
  if (operator === 'Einsum') return rankInEquation(attributes.get('equation'), at);
  if (at !== 0) return undefined;
  const weights = WEIGHTS[operator];
  if (weights !== undefined) return graph.initializers.find(({ name }) => name === node.inputs[weights])?.shape.length;
  if (operator === 'Transpose') return lengthOf(attributes.get('perm'));
  const kernel = POOLS.has(operator) ? lengthOf(attributes.get('kernel_shape')) : undefined;
  return kernel === undefined ? undefined : kernel + 2;
}

const lengthOf = (list: unknown): number | undefined => (Array.isArray(list) ? list.length : undefined);

function rankInEquation(equation: unknown, at: number): number | undefined {
  if (typeof equation !== 'string') return undefined;
  const term = equation.split('->')[0]!.split(',')[at]?.trim();
  return term === undefined || term.includes('.') ? undefined : term.replaceAll(' ', '').length;
}

/** By operator, the rank at each place that has one alone. Source: onnx/onnx, docs/Operators.md and Operators-ml.md. */
const RANKS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  ConstantOfShape: { 0: 1 },
  DepthToSpace: { 0: 4 },
  Expand: { 1: 1 },
  GRU: { 0: 3, 4: 1, 5: 3 },
  Gemm: { 0: 2, 1: 2 },
  LSTM: { 0: 3, 4: 1, 5: 3, 6: 3 },
  MaxRoiPool: { 0: 4, 1: 2 },
  NonMaxSuppression: { 0: 3, 1: 3 },
  Pad: { 1: 1 },
  RNN: { 0: 3, 4: 1, 5: 3 },
  Range: { 0: 0, 1: 0, 2: 0 },
  Reshape: { 1: 1 },
  Resize: { 2: 1, 3: 1 },
  RoiAlign: { 0: 4, 1: 2, 2: 1 },
  STFT: { 0: 3 },
  Slice: { 1: 1, 2: 1, 3: 1, 4: 1 },
  SpaceToDepth: { 0: 4 },
  Tile: { 1: 1 },
  TreeEnsemble: { 0: 2 },
  TreeEnsembleClassifier: { 0: 2 },
  TreeEnsembleRegressor: { 0: 2 },
};
/** The place of the weights whose rank the first input shares. */
const WEIGHTS: Readonly<Record<string, number>> = { Conv: 1, ConvInteger: 1, ConvTranspose: 1, QLinearConv: 3 };
const POOLS: ReadonlySet<string> = new Set(['AveragePool', 'LpPool', 'MaxPool', 'MaxUnpool']);
/** Operators whose first output has the shape of the first input. */
const RANK_KEPT: ReadonlySet<string> = new Set([
  'Abs',
  'BatchNormalization',
  'Cast',
  'Clip',
  'DequantizeLinear',
  'Dropout',
  'Exp',
  'Floor',
  'Identity',
  'LeakyRelu',
  'Log',
  'Neg',
  'QuantizeLinear',
  'Relu',
  'Round',
  'Sigmoid',
  'Softmax',
  'Sqrt',
  'Tanh',
]);
