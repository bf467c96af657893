import { graphsIn } from './model-file/inner-graphs.ts';
import type { Graph, ModelFile, Node } from './model-file/model-file.ts';

/** Operators whose output size depends on the values of inputs, with the positions of those inputs. */
const SIZED_BY: Readonly<Record<string, readonly number[]>> = {
  AffineGrid: [1],
  BlackmanWindow: [0],
  CenterCropPad: [1],
  ConstantOfShape: [0],
  DFT: [1, 2],
  Expand: [1],
  HammingWindow: [0],
  HannWindow: [0],
  MaxUnpool: [2],
  MelWeightMatrix: [0, 1],
  OneHot: [1],
  Pad: [1],
  Range: [0, 1, 2],
  Resize: [2, 3],
  Tile: [1],
  Upsample: [1],
};
/** Operators whose result depends on shapes only, whatever the values. */
const BY_SHAPE: ReadonlySet<string> = new Set(['Shape', 'Size']);

/**
 * The operators of a model whose cost depends on the values of its inputs, not only on their shapes: each may take any time
 * and all memory. Every Loop counts as one, whatever ends it.
 */
export function operatorsByValue({ graph, functions }: ModelFile): readonly string[] {
  const found = new Set<string>();
  const initializers = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.map(({ name }) => name).filter((name) => !initializers.has(name));
  follow(graph.nodes, new Set(inputs), found);
  for (const { inputs: own, nodes } of functions) follow(nodes, new Set(own), found);
  return [...found];
}

/** @param valued names of tensors whose values depend on those of the model's inputs; it adds the nodes' outputs */
function follow(nodes: readonly Node[], valued: Set<string>, found: Set<string>): void {
  for (const node of nodes) {
    const { operator, domain, inputs, outputs, attributes } = node;
    const isStandard = domain === 'ai.onnx';
    const isSized = SIZED_BY[operator]?.some((at) => valued.has(inputs[at] ?? '')) ?? false;
    if (isStandard && (operator === 'Loop' || isSized)) found.add(operator);
    const inner = [...attributes.values()].flatMap(graphsIn);
    for (const body of inner) followBody(body, valued, found);
    if (isStandard && BY_SHAPE.has(operator)) continue;
    // What a body reads from around it is not listed among the inputs.
    if (inner.length > 0 || inputs.some((name) => valued.has(name))) for (const name of outputs) valued.add(name);
  }
}

function followBody({ inputs, nodes }: Graph, valued: ReadonlySet<string>, found: Set<string>): void {
  follow(nodes, new Set([...valued, ...inputs.map(({ name }) => name)]), found);
}
