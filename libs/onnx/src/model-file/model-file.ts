/**
 * What an ONNX file says, without its weights. Plain values, named as onnx.proto names them where our words do not
 * differ. Source: onnx/onnx, onnx.proto.
 */
export interface ModelFile {
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly modelVersion?: number;
  readonly description?: string;
  /** Operator set → version; the standard one is called "ai.onnx". */
  readonly opsets: Readonly<Record<string, number>>;
  /** What the exporter added, key → value. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: Graph;
  /** Operators that the file itself defines. */
  readonly functions: readonly LocalFunction[];
}

/** A graph: the model's own, or the body of an If, Loop or Scan. */
export interface Graph {
  readonly name: string;
  /** In an order in which each node stands after those that it depends on. */
  readonly nodes: readonly Node[];
  /** With the initializers that a request may override, as old exporters list them. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** What the exporter knew of the tensors between the nodes. */
  readonly values: readonly Value[];
  readonly initializers: readonly StoredTensor[];
}

export interface Node {
  /** Often empty: only the names of tensors are needed to run a graph. */
  readonly name: string;
  readonly operator: string;
  /** The operator set that the operator is of; the standard one is called "ai.onnx". */
  readonly domain: string;
  /** Names of tensors; "" stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  /** Names of tensors; "" stands for an output that nobody wants. */
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An attribute's value: a number or a text, several of them, a tensor, or graphs. */
export type Attribute =
  | number
  | string
  | readonly (number | string)[]
  | StoredTensor
  | Graph
  | readonly Graph[]
  | AttributeReference
  | Omitted;

/** In a local function: the value is that of the function's own attribute. */
export interface AttributeReference {
  readonly reference: string;
}

/** A value that was not kept: a list of weights, or of a kind that nobody reads. */
export interface Omitted {
  readonly omitted: true;
}

/** A tensor, or something else that flows between nodes, by name. */
export interface Value {
  readonly name: string;
  readonly kind: 'tensor' | 'sequence' | 'map' | 'optional' | 'sparse tensor' | 'unknown';
  /** A number of `TensorProto.DataType`; of tensors only. */
  readonly elementType?: number;
  /** Of tensors only; absent where the file does not tell the rank. */
  readonly shape?: readonly Dimension[];
}

/** A size, a symbol that stands for one, or undefined where nothing is known. */
export type Dimension = number | string | undefined;

/** A tensor in the file. Of its contents only a few numbers are kept: enough for shapes, axes and scales. */
export interface StoredTensor {
  readonly name: string;
  /** A number of `TensorProto.DataType`. */
  readonly elementType: number;
  readonly shape: readonly number[];
  /** Up to 64 numbers; absent for more, for other types, and where they lie in another file. */
  readonly numbers?: readonly number[];
  /** The file beside the model that holds the contents, as the model names it. */
  readonly location?: string;
}

/** An operator as a graph of its own, whose inputs and outputs are names only. */
export interface LocalFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  readonly opsets: Readonly<Record<string, number>>;
}

/** The numbers of `TensorProto.DataType` that the reading of a file needs by name. */
export const ELEMENT = {
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
} as const;
