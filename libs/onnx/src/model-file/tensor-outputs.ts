import { classLabels } from './class-labels.ts';
import { classOutput, makersOf } from './class-outputs.ts';
import { ELEMENT, type Graph, type ModelFile, type Node, type Value } from './model-file.ts';

/** A tensor [N, classes] of floats that an output which is none is made of. */
export interface TableBehind {
  /** What the model calls it. */
  readonly input: string;
  /** What it is called as an output. */
  readonly name: string;
  readonly classes: number;
}

/**
 * An output that the runtime does not hand to Node, and the tensors that are served instead: ZipMap's list of maps, which
 * converters make of a classifier's probabilities by default, and the sequence of such tensors of several classifiers.
 */
export interface ReplacedOutput {
  readonly output: string;
  readonly tables: readonly TableBehind[];
}

/** The outputs of a model for which tensors can be served. */
export function replacedOutputs({ graph }: ModelFile): readonly ReplacedOutput[] {
  const outputs = new Set(graph.outputs.filter(({ kind }) => kind !== 'tensor').map(({ name }) => name));
  const makers = makersOf(graph);
  return graph.nodes.flatMap((node) => {
    const output = node.outputs[0]!;
    const tables = outputs.has(output) ? tablesBehind(node, makers) : undefined;
    return tables === undefined ? [] : [{ output, tables }];
  });
}

function tablesBehind(node: Node, makers: ReadonlyMap<string, Node>): readonly TableBehind[] | undefined {
  const { operator, inputs, outputs } = node;
  if (operator === 'ZipMap') {
    const classes = classLabels(node)?.length;
    return classes === undefined ? undefined : [{ input: inputs[0]!, name: outputs[0]!, classes }];
  }
  if (operator !== 'SequenceConstruct') return undefined;
  const tables = inputs.map((input, at) => {
    const classes = classOutput(input, makers).labels?.length ?? 0;
    return { input, name: `${outputs[0]!}_${at}`, classes };
  });
  return tables.every(({ name, classes }) => classes > 0 && !makers.has(name)) ? tables : undefined;
}

/** A model as it is served: tensors in place of the outputs that are replaced. Labels stay with the nodes in that place. */
export function withTensors(file: ModelFile, replaced: readonly ReplacedOutput[]): ModelFile {
  if (replaced.length === 0) return file;
  const byOutput = new Map(replaced.map((one) => [one.output, one.tables]));
  const graph: Graph = {
    ...file.graph,
    nodes: file.graph.nodes.flatMap((node) => {
      const tables = byOutput.get(node.outputs[0] ?? '');
      return tables?.map((table) => ({ ...node, ...identity(table) })) ?? [node];
    }),
    outputs: file.graph.outputs.flatMap((value) => byOutput.get(value.name)?.map(tensorOf) ?? [value]),
  };
  return { ...file, graph };
}

const identity = ({ input, name }: TableBehind): Pick<Node, 'operator' | 'domain' | 'inputs' | 'outputs'> => ({
  ...{ operator: 'Identity', domain: 'ai.onnx' },
  ...{ inputs: [input], outputs: [name] },
});

const tensorOf = ({ name, classes }: TableBehind): Value => ({
  ...{ name, kind: 'tensor', elementType: ELEMENT.FLOAT },
  shape: [undefined, classes],
});
