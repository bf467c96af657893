import { makersOf } from './model-file/class-outputs.ts';
import type { ModelFile, Node } from './model-file/model-file.ts';

const LINEAR: ReadonlySet<string> = new Set([
  'FusedMatMul',
  'Gemm',
  'MatMul',
  'MatMulInteger',
  'MatMulNBits',
  'QGemm',
  'QLinearMatMul',
]);
/** What keeps values linear where all that goes in is linear or fixed: a bias, a scale, other types and shapes. */
const STILL_LINEAR: ReadonlySet<string> = new Set([
  ...['Add', 'Cast', 'DequantizeLinear', 'Dropout', 'Flatten'],
  ...['Identity', 'Mul', 'QuantizeLinear', 'Squeeze'],
]);
/** Their outputs here are weights, biases and scales. */
const FIXED: ReadonlySet<string> = new Set(['Constant', 'DynamicQuantizeLinear']);
/** How far behind a layer its bias and scale may be. */
const MAX_STEPS = 8;

/** The outputs that a linear layer makes without an activation: of a classifier, logits. */
export function linearOutputs({ graph }: ModelFile): readonly string[] {
  const makers = makersOf(graph);
  return graph.outputs.map(({ name }) => name).filter((name) => kindOf(name, makers, MAX_STEPS) === 'linear');
}

function kindOf(tensor: string, makers: ReadonlyMap<string, Node>, steps: number): 'linear' | 'fixed' | 'other' {
  const node = makers.get(tensor);
  if (node === undefined || FIXED.has(node.operator)) return 'fixed';
  if (LINEAR.has(node.operator)) return 'linear';
  if (steps === 0 || !STILL_LINEAR.has(node.operator)) return 'other';
  const kinds = node.inputs.map((input) => kindOf(input, makers, steps - 1));
  if (kinds.includes('other')) return 'other';
  return kinds.includes('linear') ? 'linear' : 'fixed';
}
