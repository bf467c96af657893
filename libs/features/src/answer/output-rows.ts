import { elementCount, type Tensor, type Tensors, type TensorSpec } from '#tensor';
import type { Findings } from '../findings.ts';
import { isRowDimension } from '../row-dimension.ts';
import type { AskedRows } from '../rows.ts';
import type { AnswerWish } from './answer-wish.ts';
import { cellReader, type Label, literal, type ReadCell } from './output-cells.ts';

/** One member of an answer, with one item per row: as values or, without creating them, as JSON text. */
export interface OutputRows<T> {
  values(outputs: Tensors, rows: AskedRows, findings: Findings, wish?: AnswerWish): T[];
  /** The list's JSON text. */
  json(outputs: Tensors, rows: AskedRows, findings: Findings, wish?: AnswerWish): string;
}

/**
 * The rows of an output tensor. [N] and [N, 1] give one value per row, [N, …] gives nested lists. If the first
 * dimension is not the rows of the request, the whole tensor is one item.
 */
export class TensorRows implements OutputRows<unknown> {
  readonly #spec: TensorSpec;
  readonly #modelHasRows: boolean;
  readonly #read: ReadCell;

  /** @param modelHasRows whether the first dimension of the model's inputs is rows */
  constructor(spec: TensorSpec, modelHasRows: boolean, labels?: readonly Label[]) {
    this.#spec = spec;
    this.#modelHasRows = modelHasRows;
    this.#read = cellReader(spec.name, spec.datatype, labels);
  }

  values(outputs: Tensors, { count: rows }: AskedRows, findings: Findings): unknown[] {
    const tensor = outputs[this.#spec.name]!;
    const items = this.#hasRows(tensor, rows) ? rows : 1;
    const shape = this.#itemShape(tensor, rows);
    const list = new Array<unknown>(items);
    const size = elementCount(shape);
    for (let row = 0; row < items; row += 1) list[row] = this.#nest(tensor, row * size, shape, 0, row, findings);
    return list;
  }

  json(outputs: Tensors, { count: rows }: AskedRows, findings: Findings): string {
    const tensor = outputs[this.#spec.name]!;
    const items = this.#hasRows(tensor, rows) ? rows : 1;
    const shape = this.#itemShape(tensor, rows);
    const size = elementCount(shape);
    let text = '[';
    for (let row = 0; row < items; row += 1) {
      if (row > 0) text += ',';
      text += this.#text(tensor, row * size, shape, 0, row, findings);
    }
    return `${text}]`;
  }

  #hasRows(tensor: Tensor, rows: number): boolean {
    const { shape } = this.#spec;
    // An output without a shape in the graph has one only at run time.
    const counts = shape.length === 0 ? tensor.shape.length > 0 : isRowDimension(shape[0]);
    return this.#modelHasRows && counts && tensor.shape[0] === rows;
  }

  #itemShape(tensor: Tensor, rows: number): readonly number[] {
    if (!this.#hasRows(tensor, rows)) return tensor.shape;
    const { shape } = this.#spec;
    const item = tensor.shape.slice(1);
    // The declared shape decides, not the size of this tensor: a list that may be longer stays a list of one. An output
    // with more elements than declared keeps all of them.
    const isOne = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
    return isOne && elementCount(item) === 1 ? [] : item;
  }

  #nest(tensor: Tensor, at: number, shape: readonly number[], depth: number, row: number, findings: Findings): unknown {
    if (depth === shape.length) return this.#read(tensor.data, at, row, findings);
    const size = elementsBelow(shape, depth);
    return Array.from({ length: shape[depth]! }, (_, index) =>
      this.#nest(tensor, at + index * size, shape, depth + 1, row, findings),
    );
  }

  #text(tensor: Tensor, at: number, shape: readonly number[], depth: number, row: number, findings: Findings): string {
    if (depth === shape.length) return literal(this.#read(tensor.data, at, row, findings));
    const size = elementsBelow(shape, depth);
    let text = '[';
    for (let index = 0; index < shape[depth]!; index += 1) {
      if (index > 0) text += ',';
      text += this.#text(tensor, at + index * size, shape, depth + 1, row, findings);
    }
    return `${text}]`;
  }
}

/** The rows of an output [N] whose texts are JSON. */
export class JsonRows implements OutputRows<unknown> {
  readonly #name: string;

  constructor({ name }: TensorSpec) {
    this.#name = name;
  }

  values(outputs: Tensors): unknown[] {
    return this.#texts(outputs).map((text) => JSON.parse(text) as unknown);
  }

  json(outputs: Tensors): string {
    return `[${this.#texts(outputs).join(',')}]`;
  }

  #texts(outputs: Tensors): readonly string[] {
    return outputs[this.#name]!.data as readonly string[];
  }
}

/** How many elements one item of a dimension has. */
function elementsBelow(shape: readonly number[], depth: number): number {
  let count = 1;
  for (let below = depth + 1; below < shape.length; below += 1) count *= shape[below]!;
  return count;
}
