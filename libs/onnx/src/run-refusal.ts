import { graphsIn } from './model-file/inner-graphs.ts';
import type { Graph, ModelFile, Node } from './model-file/model-file.ts';

/** A run that the runtime refused because of what its inputs hold, or of how large they are. */
export interface RunRefusal {
  /** Of the node that refused. */
  readonly operator: string;
  /** The inputs that the node's own follow from, by the graph. */
  readonly inputs: readonly string[];
  /** The runtime's words, without their place in its sources. */
  readonly said: string;
}

/** What ONNX Runtime's kernels say of values and shapes that they do not take; of memory or a missing kernel they speak otherwise. */
const BY_INPUT: readonly RegExp[] = [
  /out of (?:data )?bounds|out of range value|not in valid range|must be within/i,
  /invalid ind(?:ex|ice)|invalid value|invalid expand shape|invalid input shape|invalid rank|invalid dimensions/i,
  /cannot be reshaped|cannot be broadcast|could not be broadcast|attempting to broadcast|cannot split/i,
  /dimension mismatch|mismatched dimensions|incompatible|dimensions? (?:of|must|should)|must have \d+ dimensions/i,
  /is not equal to kernel channels|should not be greater than|must equal|must be one of|must match/i,
  /is negative|must be (?:non-negative|positive|>)|can ?not be (?:zero|0)|shape\.Size\(\) must be/i,
  /^sto[a-z]+$/,
];

/** Why a run failed, if its inputs caused it; undefined for any other cause, or if no input can be blamed. */
export function runRefusal({ graph }: ModelFile, message: string): RunRefusal | undefined {
  // The first node is in the graph itself; others may be inside it.
  const [, operator, name] =
    /code returned while running (\S+) node\. Name:'(.*?)' Status Message: /.exec(message) ?? [];
  const said = wordsOf(message);
  if (operator === undefined || name === undefined || !BY_INPUT.some((pattern) => pattern.test(said))) return undefined;
  const inputs = sourcesOf(graph, nodesMeant(graph, operator, name));
  return inputs.length === 0 ? undefined : { operator, inputs, said };
}

/** "/onnxruntime_src/…/squeeze.h:53 … input_shape[i] == 1 was false. Dimension of input 1 must be 1": what comes last. */
function wordsOf(message: string): string {
  const status = message.slice(message.lastIndexOf('Status Message: ') + 'Status Message: '.length).trim();
  const [, words = status] = /^\/.* was false\. (.+)$/s.exec(status) ?? /^\/.*\] (.+)$/s.exec(status) ?? [];
  return words.replace(/^(?:: \d+ : \w+ : )?[\w.]+\.(?:h|cc):\d+ \w+ /, '');
}

/** The node of that name, else those of that operator; all, where the runtime made one of several of the file's. */
function nodesMeant({ nodes }: Graph, operator: string, name: string): readonly Node[] {
  const named = nodes.filter((node) => name !== '' && node.name === name);
  if (named.length > 0) return named;
  const alike = nodes.filter((node) => node.operator === operator);
  return alike.length > 0 ? alike : nodes;
}

/** The graph's inputs from which those of the nodes follow. */
function sourcesOf({ nodes, inputs, initializers }: Graph, meant: readonly Node[]): readonly string[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const seen = new Set<string>();
  const visit = (node: Node): void => {
    for (const name of namesIn(node)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const maker = makers.get(name);
      if (maker !== undefined) visit(maker);
    }
  };
  meant.forEach(visit);
  const constants = new Set(initializers.map(({ name }) => name));
  return inputs.map(({ name }) => name).filter((name) => seen.has(name) && !constants.has(name));
}

/** The names that a node reads, also in the graphs in it. */
function namesIn({ inputs, attributes }: Node): readonly string[] {
  const inner = [...attributes.values()].flatMap(graphsIn);
  return [...inputs, ...inner.flatMap(({ nodes }) => nodes.flatMap(namesIn))];
}
