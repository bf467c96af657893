import type { Graph, ModelFile, Node } from './model-file.ts';
import { classLabels } from './class-labels.ts';

/** What a graph says of an output that may hold a value for each class. */
export interface ClassOutput {
  /** The classes, in the order of the columns. */
  readonly labels?: readonly (string | number)[];
  /** "classes" where the values of a row sum to 1, "each" where each is a probability of its own. */
  readonly probabilities?: 'classes' | 'each';
}

/** By name, the outputs that the end of the graph explains: by a classifier's operator, Softmax or Sigmoid. */
export function classOutputs({ graph }: ModelFile): ReadonlyMap<string, ClassOutput> {
  const makers = makersOf(graph);
  const found = new Map<string, ClassOutput>();
  for (const { name, shape } of graph.outputs) {
    const said = classOutput(name, makers, shape?.length);
    if (said.labels !== undefined || said.probabilities !== undefined) found.set(name, said);
  }
  return found;
}

/** By the name of a tensor, the node that makes it. */
export function makersOf({ nodes }: Graph): ReadonlyMap<string, Node> {
  return new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
}

/** Operators that do not change the meaning of columns. */
const PASSING = new Set(['Identity', 'Cast', 'Dropout', 'QuantizeLinear', 'DequantizeLinear', 'Normalizer']);
const CLASSIFIERS = new Set(['LinearClassifier', 'SVMClassifier', 'TreeEnsembleClassifier']);
/** The most operators to follow back from an output: its end shows all that matters. */
const MAX_STEPS = 16;

/** What the operators on the way back from a tensor to the source of its values show. */
export function classOutput(tensor: string, makers: ReadonlyMap<string, Node>, rank = 2): ClassOutput {
  let labels: ClassOutput['labels'];
  let name = tensor;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const node = makers.get(name);
    if (node === undefined) break;
    if (CLASSIFIERS.has(node.operator)) {
      // Its first output is the label of a row.
      if (node.outputs[1] !== name) break;
      labels ??= classLabels(node);
      return { ...(labels && { labels }), ...(isTransformed(node) && { probabilities: 'classes' }) };
    }
    labels ??= classLabels(node);
    const probabilities = probabilitiesBy(node, rank);
    if (probabilities !== undefined) return { ...(labels && { labels }), probabilities };
    if (!PASSING.has(node.operator)) break;
    name = node.inputs[0]!;
  }
  return { ...(labels && { labels }) };
}

function probabilitiesBy({ operator, attributes }: Node, rank: number): ClassOutput['probabilities'] {
  if (operator === 'Sigmoid') return 'each';
  if (operator !== 'Softmax') return undefined;
  // The last axis by default, or the second in older models: the same of [N, classes].
  const axis = attributes.get('axis');
  return axis === undefined || axis === -1 || axis === rank - 1 ? 'classes' : undefined;
}

const TRANSFORMS: ReadonlySet<unknown> = new Set(['SOFTMAX', 'LOGISTIC', 'PROBIT']);

/** Whether a classifier's operator makes probabilities: by a transformation, or of a support vector machine by Platt's. */
function isTransformed({ attributes }: Node): boolean {
  const platt = attributes.get('prob_a');
  return TRANSFORMS.has(attributes.get('post_transform')) || (Array.isArray(platt) && platt.length > 0);
}
