import { elementCount, type Tensor, type Tensors, type TensorSpec } from '#tensor';
import { cellReader, type Label, literal, type ReadCell } from './output-cells.ts';
import { Findings } from './findings.ts';
import { isRowDimension } from './row-dimension.ts';

/** One member of an answer, with an item a row; as values and, built without them, as JSON text. */
export interface OutputRows<T> {
  values(outputs: Tensors, rows: number, findings: Findings): T[];
  /** The list's JSON text. */
  json(outputs: Tensors, rows: number, findings: Findings): string;
}

/**
 * The rows of an output tensor: [N] and [N, 1] give a value a row, [N, …] nested lists. An output whose first dimension
 * is not the request's rows is one item, the whole tensor.
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

  values(outputs: Tensors, rows: number, findings: Findings): unknown[] {
    const tensor = outputs[this.#spec.name]!;
    const items = this.#hasRows(tensor, rows) ? rows : 1;
    const shape = this.#itemShape(tensor, rows);
    const list = new Array<unknown>(items);
    const size = elementCount(shape);
    for (let row = 0; row < items; row += 1) list[row] = this.#nest(tensor, row * size, shape, 0, row, findings);
    return list;
  }

  json(outputs: Tensors, rows: number, findings: Findings): string {
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
    // An output that the graph gives no shape has one at run time only.
    const counts = shape.length === 0 ? tensor.shape.length > 0 : isRowDimension(shape[0]);
    return this.#modelHasRows && counts && tensor.shape[0] === rows;
  }

  #itemShape(tensor: Tensor, rows: number): readonly number[] {
    if (!this.#hasRows(tensor, rows)) return tensor.shape;
    const { shape } = this.#spec;
    // By the model's word, not by the size at hand: a list of one stays a list where there may be more.
    return shape.length === 1 || (shape.length === 2 && shape[1] === 1) ? [] : tensor.shape.slice(1);
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

/** How many elements lie in one item of a dimension. */
function elementsBelow(shape: readonly number[], depth: number): number {
  let count = 1;
  for (let below = depth + 1; below < shape.length; below += 1) count *= shape[below]!;
  return count;
}

export type Probabilities = Record<string, number | null>;

/** The rows of an output [N, classes], each as label → probability; a class without a label has its index for one. */
export class ProbabilityRows implements OutputRows<Probabilities> {
  readonly #name: string;
  readonly #read: ReadCell;
  readonly #labels: readonly Label[];
  readonly #keys: string[] = [];

  constructor(spec: TensorSpec, labels: readonly Label[] = []) {
    this.#name = spec.name;
    this.#read = cellReader(spec.name, spec.datatype);
    this.#labels = labels;
  }

  label(index: number): Label {
    return this.#labels[index] ?? index;
  }

  values(outputs: Tensors, rows: number, findings: Findings): Probabilities[] {
    const tensor = outputs[this.#name]!;
    const classes = tensor.shape[1]!;
    return Array.from({ length: rows }, (_, row) =>
      // fromEntries, because a label may be "__proto__".
      Object.fromEntries(
        Array.from({ length: classes }, (_, index): [string, number | null] => [
          String(this.label(index)),
          this.#read(tensor.data, row * classes + index, row, findings) as number | null,
        ]),
      ),
    );
  }

  /** The probability of each row's own prediction. */
  of(predictions: readonly unknown[], outputs: Tensors, findings: Findings): (number | null)[] {
    const tensor = outputs[this.#name]!;
    const classes = tensor.shape[1]!;
    const places = new Map(Array.from({ length: classes }, (_, index) => [String(this.label(index)), index]));
    return predictions.map((prediction, row) => {
      const index = places.get(String(prediction));
      if (index === undefined) return null;
      return this.#read(tensor.data, row * classes + index, row, findings) as number | null;
    });
  }

  /** @param top how many of a row's probabilities, the highest first; without it all, in the order of the classes */
  json(outputs: Tensors, rows: number, findings: Findings, top?: number): string {
    const tensor = outputs[this.#name]!;
    const classes = tensor.shape[1]!;
    for (let index = this.#keys.length; index < classes; index += 1)
      this.#keys.push(`${JSON.stringify(String(this.label(index)))}:`);
    if (top !== undefined) return this.#topJson(tensor, rows, findings, top);
    let text = '[';
    for (let row = 0; row < rows; row += 1) {
      text += row > 0 ? ',{' : '{';
      for (let index = 0; index < classes; index += 1) {
        if (index > 0) text += ',';
        text += this.#keys[index]! + String(this.#read(tensor.data, row * classes + index, row, findings));
      }
      text += '}';
    }
    return `${text}]`;
  }

  #topJson(tensor: Tensor, rows: number, findings: Findings, top: number): string {
    const classes = tensor.shape[1]!;
    const unheard = new Findings();
    const texts = Array.from({ length: rows }, (_, row) => {
      const probability = (index: number, heard: Findings): number | null =>
        this.#read(tensor.data, row * classes + index, row, heard) as number | null;
      const ranks = Array.from({ length: classes }, (_class, index) => probability(index, unheard) ?? -Infinity);
      // Equals stay in the order of the classes.
      const highest = [...ranks.keys()].sort((a, b) => (ranks[a] === ranks[b] ? 0 : ranks[b]! - ranks[a]!));
      const members = highest.slice(0, top).map((index) => this.#keys[index]! + String(probability(index, findings)));
      return `{${members.join(',')}}`;
    });
    return `[${texts.join(',')}]`;
  }
}

/** The label of the most probable class of each row, the first of equals; null for a row without a finite one. */
export class MostProbable implements OutputRows<Label | null> {
  readonly #name: string;
  readonly #read: ReadCell;
  readonly #labels: ProbabilityRows;

  constructor(spec: TensorSpec, labels: ProbabilityRows) {
    this.#name = spec.name;
    this.#read = cellReader(spec.name, spec.datatype);
    this.#labels = labels;
  }

  values(outputs: Tensors, rows: number, findings: Findings): (Label | null)[] {
    return Array.from({ length: rows }, (_, row) => this.#best(outputs[this.#name]!, row, findings));
  }

  json(outputs: Tensors, rows: number, findings: Findings): string {
    return `[${this.values(outputs, rows, findings).map(literal).join(',')}]`;
  }

  #best(tensor: Tensor, row: number, findings: Findings): Label | null {
    const classes = tensor.shape[1]!;
    // The probabilities themselves are answered beside this, with their own warnings.
    const unheard = new Findings();
    let best = -1;
    let highest = -Infinity;
    for (let index = 0; index < classes; index += 1) {
      const probability = this.#read(tensor.data, row * classes + index, row, unheard) as number | null;
      if (probability !== null && probability > highest) {
        best = index;
        highest = probability;
      }
    }
    if (best >= 0) return this.#labels.label(best);
    findings.warn(row, this.#name, 'holds no finite number, and the prediction is answered as null');
    return null;
  }
}
