import { graphsIn } from '../model-file/inner-graphs.ts';
import type { Attribute, Graph, LocalFunction, Node } from '../model-file/model-file.ts';
import { numbersOf } from './numbers.ts';
import { ruleOf } from './rules.ts';
import { Step } from './step.ts';
import { mixes, Random, Stop, Unknown, unknown } from './stop.ts';
import { CONSTANT, dependsOnCount, hasRows, isConstant, type Tracked } from './tracked.ts';

/** Where the rows of a tensor end, and why: a sentence's words after the node's name. */
export interface Stopped {
  readonly kind: 'mixes' | 'unknown';
  readonly node: string;
  readonly operator: string;
  readonly how: string;
}

/** What is known of a tensor by name. */
export type Found = Tracked | Stopped;

export function isStopped(found: Found): found is Stopped {
  return 'kind' in found;
}

/** The operator sets and local functions that the nodes of one graph, or of one function, are of. */
export interface Surroundings {
  readonly opsets: Readonly<Record<string, number>>;
  readonly functions: readonly LocalFunction[];
}

/** The versions of operator sets that the rules hold for: earlier operators aligned inputs differently, and later ones may. */
const KNOWN_OPSETS: ReadonlyMap<string, readonly [oldest: number, newest: number]> = new Map([
  ['ai.onnx', [7, 26]],
  ['ai.onnx.ml', [1, 5]],
  ['com.microsoft', [1, 1]],
]);
/** Domains whose operators are deterministic, except those that a rule calls random. */
const DETERMINISTIC = new Set(['ai.onnx', 'ai.onnx.ml']);
/** Functions within functions. */
const MAX_DEPTH = 20;

/** Goes through nodes in their order, and adds what is known of their outputs to `tensors`. */
export function follow(
  nodes: readonly Node[],
  tensors: Map<string, Found>,
  surroundings: Surroundings,
  depth = 0,
): void {
  for (const node of nodes) {
    const outputs = outputsOf(node, tensors, surroundings, depth);
    for (const [index, name] of node.outputs.entries()) {
      if (name !== '')
        tensors.set(name, outputs[index] ?? stopped(node, new Unknown('has an output that is not known')));
    }
  }
}

function outputsOf(
  node: Node,
  tensors: ReadonlyMap<string, Found>,
  surroundings: Surroundings,
  depth: number,
): readonly Found[] {
  const found = [...node.inputs, ...capturedBy(node)].map((name) =>
    name === '' ? undefined : (tensors.get(name) ?? stopped(node, new Unknown(`takes "${name}", which nothing makes`))),
  );
  const end = found.find((input) => input !== undefined && isStopped(input));
  if (end !== undefined) return node.outputs.map(() => end);
  const inputs = found as (Tracked | undefined)[];
  try {
    const local = functionOf(node, surroundings.functions);
    if (local !== undefined) return called(local, node, inputs, surroundings, depth);
    return stepped(node, inputs, surroundings.opsets[node.domain] ?? 1);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return node.outputs.map(() => stopped(node, error));
  }
}

/** What the rule of the node's operator says, and that no input was overlooked. */
function stepped(node: Node, inputs: readonly (Tracked | undefined)[], opset: number): readonly Tracked[] {
  const step = new Step(node, inputs, opset);
  try {
    const rule = ruleOf(node.domain, node.operator) ?? unknownOperator(node);
    const [oldest, newest] = KNOWN_OPSETS.get(node.domain)!;
    if (opset < oldest || opset > newest) unknown(`is of opset ${opset}`);
    const made = rule(step);
    const outputs = Array.isArray(made) ? (made as readonly Tracked[]) : [made as Tracked];
    step.checkUnasked();
    return outputs.map((output, index) => completed(step, output, index));
  } catch (error) {
    const isOfConstants = inputs.every((input) => input === undefined || isConstant(input));
    if (!(error instanceof Stop) || error instanceof Random || !isOfConstants || !isDeterministic(node)) throw error;
    return node.outputs.map(() => CONSTANT);
  }
}

function unknownOperator({ domain, operator }: Node): never {
  return unknown(`is an operator whose way with rows is not known (${domain} ${operator})`);
}

/** Whether of constants it makes constants, whatever it is; a graph of its own may hold anything. */
function isDeterministic({ domain, attributes }: Node): boolean {
  return DETERMINISTIC.has(domain) && ![...attributes.values()].some((value) => graphsIn(value).length > 0);
}

/** Adds to what a rule says what holds for every operator. */
function completed(step: Step, output: Tracked, index: number): Tracked {
  const data = [...step.data];
  const counts = data.some((input) => input.counts === true);
  if (hasRows(output)) {
    if (counts) mixes('depends on the number of rows');
    return output;
  }
  if (data.some(hasRows)) unknown('loses the rows');
  const { shape } = output;
  const numbers = index === 0 ? numbersOf(step, shape) : undefined;
  if (numbers !== undefined) return { shape, numbers, counts: numbers.some(dependsOnCount) };
  return { shape, counts: counts || ![...step.asides].every(isConstant) };
}

/** The names that a node's graphs use and do not make: they are inputs of the node too. */
function capturedBy({ attributes }: Node): string[] {
  return [...attributes.values()].flatMap((value) => graphsIn(value).flatMap(capturedByGraph));
}

function capturedByGraph({ nodes, inputs, initializers, outputs }: Graph): string[] {
  const own = new Set(['', ...inputs.map(({ name }) => name), ...initializers.map(({ name }) => name)]);
  for (const node of nodes) for (const name of node.outputs) own.add(name);
  const used = [...nodes.flatMap((node) => [...node.inputs, ...capturedBy(node)]), ...outputs.map(({ name }) => name)];
  return used.filter((name) => !own.has(name));
}

/** The function of the file that a node calls: it must be one, and no operator of ONNX's own. */
function functionOf({ domain, operator }: Node, functions: readonly LocalFunction[]): LocalFunction | undefined {
  const [found, ...others] = functions.filter((each) => each.domain === domain && each.name === operator);
  if (found !== undefined && (others.length > 0 || ruleOf(domain, operator) !== undefined))
    unknown('has several definitions');
  return found;
}

/** Goes through the nodes of a local function, with the node's inputs and attributes in place of the function's. */
function called(
  local: LocalFunction,
  node: Node,
  inputs: readonly (Tracked | undefined)[],
  { functions }: Surroundings,
  depth: number,
): readonly Found[] {
  if (depth === MAX_DEPTH) unknown('calls functions within functions');
  const tensors = new Map<string, Found>();
  for (const [index, name] of local.inputs.entries()) {
    const input = inputs[index];
    if (input !== undefined) tensors.set(name, input);
  }
  follow(
    local.nodes.map((each) => bound(each, node)),
    tensors,
    { opsets: local.opsets, functions },
    depth + 1,
  );
  return local.outputs.map(
    (name) => tensors.get(name) ?? stopped(node, new Unknown('has an output that is not known')),
  );
}

/** A node of a function, with what it takes from the function's attributes. */
function bound(node: Node, { attributes: given }: Node): Node {
  const attributes = new Map<string, Attribute>();
  for (const [name, value] of node.attributes) {
    const isReference = typeof value === 'object' && 'reference' in value;
    const actual = isReference ? given.get(value.reference) : value;
    if (actual !== undefined) attributes.set(name, actual);
    else if (isReference) attributes.set(name, { omitted: true });
  }
  return { ...node, attributes };
}

function stopped(node: Node, { kind, message }: Stop): Stopped {
  return { kind, node: nameOf(node), operator: node.operator, how: message };
}

/** A node's name for people: with its operator, which exporters mostly have in the name. */
function nameOf({ name, operator, outputs }: Node): string {
  if (name === '') return `${operator} (of "${outputs.find((output) => output !== '')}")`;
  return name.toLowerCase().includes(operator.toLowerCase()) ? name : `${operator} "${name}"`;
}
