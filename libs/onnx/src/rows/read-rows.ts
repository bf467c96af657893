import type { Dimension, Graph, ModelFile, Value } from '../model-file/model-file.ts';
import { type Found, follow, isStopped, type Stopped } from './follow.ts';
import { exactly, named } from './size.ts';
import { CONSTANT, hasRows, tensorOf, type Tracked } from './tracked.ts';

/**
 * What a graph does with rows.
 *
 * - `independent`: each row's outputs follow from that row alone.
 * - `within-request`: so they do for the same values of some inputs that have no rows: rows of requests that differ in
 *   those must not share a run.
 * - `mixes`: they do not, because of a node.
 * - `unknown`: that could not be told, because of a node, or of an input or output.
 */
export type RowsReading =
  | { readonly kind: 'independent' }
  | { readonly kind: 'within-request'; readonly inputs: readonly string[]; readonly why: string }
  | { readonly kind: 'mixes' | 'unknown'; readonly node?: string; readonly operator?: string; readonly why: string };

/**
 * Reads off a graph whether its rows are independent: whether, along the first dimension of the inputs that have rows,
 * the outputs for a row are the same function of that row, wherever it stands in a batch, whatever is beside it and
 * however many there are.
 *
 * Why an `independent` can be believed. Of each tensor it is kept that it either is the same whatever the rows are
 * (`Tracked` without an axis; where it `counts`, it follows from their number), or has exactly as many slices along one
 * axis as there are rows, each the same function of its own row, with all other sizes the same for all rows. This holds for the
 * inputs: those with rows by what the caller says of them, the others and the initializers because no row is in them. A
 * node's rule says what its outputs are only where the operator's definition keeps that true, for every number of
 * rows, one included; it stops where it does not, or where a size, rank or parameter that it would need is not known. An
 * operator without a rule stops; so does a node with an input that its rule did not take into account (`Step.checkUnasked`), and
 * what an operator's own graphs use counts as its input. What is made of a stopped tensor is stopped. So by induction in the
 * order of the nodes an output that is not stopped and has its rows along its first dimension is, for each row, the same function
 * of that row. A node that no output is made of must not stop either: it runs too, and where it fails the run fails.
 *
 * It is a statement on the operators as ONNX defines them, in exact arithmetic: a kernel that adds up in another order in
 * larger batches rounds otherwise, by about 1e-7 of a value, and more where the graph subtracts large numbers of one another.
 *
 * @param inputs the graph's inputs that requests fill, and whether their first dimension is the rows; all that have it have as
 * many. Initializers that are not among them keep their values.
 */
export function readRows(file: ModelFile, inputs: ReadonlyMap<string, boolean>): RowsReading {
  const { graph } = file;
  const tensors = new Map<string, Found>();
  for (const { name, shape, numbers } of graph.initializers) {
    const isList = numbers !== undefined && shape.length <= 1;
    tensors.set(name, { shape: shape.map(exactly), ...(isList && { numbers: numbers.map(exactly) }) });
  }
  for (const input of graph.inputs) {
    const isRows = inputs.get(input.name);
    if (isRows === undefined) continue;
    const found = given(input, isRows);
    if (found === undefined)
      return { kind: 'unknown', why: `The file does not tell the shape of the input "${input.name}".` };
    tensors.set(input.name, found);
  }
  follow(graph.nodes, tensors, file);
  return concluded(graph, tensors, inputs);
}

/** The inputs that requests fill, and whether their first dimension is open: whether it may be the rows. */
export function rowCandidates({ graph }: ModelFile): ReadonlyMap<string, boolean> {
  const initialised = new Set(graph.initializers.map(({ name }) => name));
  const filled = graph.inputs.filter(({ name }) => !initialised.has(name));
  return new Map(filled.map(({ name, shape }) => [name, shape === undefined || isOpen(shape)]));
}

function isOpen(shape: readonly Dimension[]): boolean {
  return shape.length > 0 && typeof shape[0] !== 'number';
}

/** An input: its rows stand along the first dimension, and all other open dimensions are the same for all rows of a run. */
function given({ name, shape }: Value, isRows: boolean): Tracked | undefined {
  if (shape === undefined) return isRows ? undefined : CONSTANT;
  const sizes = shape.map((size, at) => (typeof size === 'number' ? exactly(size) : named(`${name}.${at}`)));
  if (!isRows) return { shape: sizes };
  return sizes.length === 0 ? undefined : tensorOf(0, sizes);
}

function concluded(
  graph: Graph,
  tensors: ReadonlyMap<string, Found>,
  inputs: ReadonlyMap<string, boolean>,
): RowsReading {
  // Sequences and maps are not served.
  const outputs = graph.outputs.filter(({ kind }) => kind === 'tensor' || kind === 'unknown');
  const ends = outputs.map(({ name }) => tensors.get(name)).filter((found) => found !== undefined && isStopped(found));
  const end = ends.find(({ kind }) => kind === 'mixes') ?? ends[0];
  if (end !== undefined) return because(end);
  const idle = idleStop(graph, tensors);
  if (idle !== undefined)
    return {
      kind: 'unknown',
      node: idle.node,
      why: `${idle.node} ${idle.how}. It runs too, though no output is made of it.`,
    };
  for (const { name } of outputs) {
    const found = tensors.get(name) as Tracked | undefined;
    if (found === undefined || !hasRows(found))
      return { kind: 'unknown', why: `The output "${name}" has no dimension for rows.` };
    if (found.axis !== 0)
      return { kind: 'unknown', why: `The output "${name}" has the rows along dimension ${found.axis}.` };
  }
  if (outputs.length === 0) return { kind: 'unknown', why: 'The graph has no output that is a tensor.' };
  const shared = [...inputs].filter(([name, isRows]) => !isRows && isUsed(graph, name)).map(([name]) => name);
  if (shared.length === 0) return { kind: 'independent' };
  const names = shared.map((name) => `"${name}"`).join(', ');
  return {
    kind: 'within-request',
    inputs: shared,
    why: `The rows of a run share the input ${names}, which has no rows.`,
  };
}

/** A stop that no output comes from: ONNX Runtime runs the node all the same, and fails where it does. */
function idleStop({ nodes, outputs }: Graph, tensors: ReadonlyMap<string, Found>): Stopped | undefined {
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]);
  const idle = nodes.flatMap((node) => node.outputs).filter((name) => !used.has(name));
  return idle.flatMap((name) => tensors.get(name) ?? []).find(isStopped);
}

function because({ kind, node, operator, how }: Stopped): RowsReading {
  return { kind, node, operator, why: `${node} ${how}.` };
}

function isUsed({ nodes, outputs }: Graph, name: string): boolean {
  // A graph within a node may use it as well: whoever is in doubt takes it to be used.
  return (
    outputs.some((output) => output.name === name) ||
    nodes.some(
      (node) =>
        node.inputs.includes(name) ||
        [...node.attributes.values()].some(
          (value) => typeof value === 'object' && !Array.isArray(value) && 'nodes' in value,
        ),
    )
  );
}
