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
/** What may follow a linear layer and leaves its values linear: a bias, a scale, other types and shapes. */
const STILL_LINEAR: ReadonlySet<string> = new Set([
  ...['Add', 'Cast', 'DequantizeLinear', 'Dropout', 'Flatten'],
  ...['Identity', 'Mul', 'QuantizeLinear', 'Squeeze'],
]);
/** How far behind a layer its bias and scale may be. */
const MAX_STEPS = 8;

/** The outputs that a linear layer makes without an activation: of a classifier, logits. */
export function linearOutputs({ graph }: ModelFile): readonly string[] {
  const makers = makersOf(graph);
  return graph.outputs.map(({ name }) => name).filter((name) => isLinear(name, makers, MAX_STEPS));
}

function isLinear(tensor: string, makers: ReadonlyMap<string, Node>, steps: number): boolean {
  const node = makers.get(tensor);
  if (node === undefined || steps === 0) return false;
  if (LINEAR.has(node.operator)) return true;
  return STILL_LINEAR.has(node.operator) && node.inputs.some((input) => isLinear(input, makers, steps - 1));
}
