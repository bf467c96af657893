import {
  type Attribute,
  type Dimension,
  ELEMENT,
  type Graph,
  type LocalFunction,
  type ModelFile,
  type Node,
  type StoredTensor,
} from '../model-file/model-file.ts';
import { readRows, rowCandidates } from '../rows/read-rows.ts';

type Shape = readonly Dimension[];
/** Of floats, unless another type is said. */
type InputSketch = Shape | { readonly shape: Shape; readonly elementType: number } | undefined;

/** A graph in a few words. */
export interface Sketch {
  /** By name; the rows are those whose first dimension is open. */
  readonly inputs: Readonly<Record<string, InputSketch>>;
  readonly nodes: readonly Node[];
  readonly constants?: readonly StoredTensor[];
  /** "y", where nothing is said. */
  readonly outputs?: readonly string[];
  readonly opset?: number;
  readonly functions?: readonly LocalFunction[];
}

export function modelOf({ inputs, nodes, constants = [], outputs = ['y'], ...sketch }: Sketch): ModelFile {
  const { opset = 18, functions = [] } = sketch;
  const graph: Graph = {
    ...{ name: 'sketch', nodes, initializers: constants, values: [] },
    inputs: Object.entries(inputs).map(([name, input]) => {
      const { shape, elementType } =
        input !== undefined && 'shape' in input ? input : { shape: input, elementType: ELEMENT.FLOAT };
      return { name, kind: 'tensor', elementType, ...(shape && { shape }) };
    }),
    // ONNX Runtime finds their types itself.
    outputs: outputs.map((name) => ({ name, kind: 'unknown' })),
  };
  return { opsets: { 'ai.onnx': opset, 'ai.onnx.ml': 3, 'com.microsoft': 1 }, metadata: {}, graph, functions };
}

/** `operator(inputs) -> outputs`, names with a space between them; "_" is an input or output that is left out. */
export function node(
  operator: string,
  inputs: string,
  outputs = 'y',
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = 'ai.onnx',
): Node {
  const names = (text: string): string[] =>
    text === '' ? [] : text.split(' ').map((name) => (name === '_' ? '' : name));
  return {
    ...{ name: '', operator, domain, inputs: names(inputs), outputs: names(outputs) },
    attributes: new Map(Object.entries(attributes)),
  };
}

/** Its output "y" is a tensor, and "all" a sequence, which the runtime does not hand to Node. */
export const WITH_SEQUENCE: Sketch = {
  inputs: { x: ['N', 2] },
  nodes: [node('Relu', 'x'), node('SequenceConstruct', 'x', 'all')],
  outputs: ['y', 'all'],
};

/** A list of whole numbers, or a scalar. */
export function integers(name: string, numbers: number | readonly number[]): StoredTensor {
  const isScalar = typeof numbers === 'number';
  return {
    ...{ name, elementType: ELEMENT.INT64, shape: isScalar ? [] : [numbers.length] },
    numbers: isScalar ? [numbers] : numbers,
  };
}

/** Numbers whose values do not matter, or too many to be kept. */
export function floats(name: string, shape: readonly number[], numbers?: readonly number[]): StoredTensor {
  return { name, elementType: ELEMENT.FLOAT, shape, ...(numbers && { numbers }) };
}

/** What is read off a graph: the kind, and the sentence where there is one. */
export function readingOf(sketch: Sketch): string {
  const model = modelOf(sketch);
  const reading = readRows(model, rowCandidates(model));
  return 'why' in reading ? `${reading.kind}: ${reading.why}` : reading.kind;
}
